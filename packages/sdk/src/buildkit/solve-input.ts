import { prepareInput, type BuildInput, type BuildInputOptions } from "./build-input.ts";
import { upload, type UploadedBytes } from "./services/upload.ts";

/** The files of a build through BuildKit's own API. */
export interface SolveInput extends Pick<BuildInput, "folders" | "sharedKey"> {
  /** A tar: such requests have no body for it. */
  readonly uploaded: UploadedBytes | undefined;
  /** What the frontend is to know of them. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** @throws ContextError or TypeError, as `prepareInput` does. */
export async function prepareSolveInput(options: BuildInputOptions): Promise<SolveInput> {
  const { folders, sharedKey, body, remote, dockerfile } = await prepareInput(options);
  const uploaded = body === undefined ? undefined : upload(body);
  // Without a URL the frontend asks the session.
  const url = uploaded?.url ?? (remote === "client-session" ? undefined : remote);
  const attributes = {
    ...(dockerfile !== undefined && { filename: dockerfile }),
    ...(url !== undefined && { context: url }),
    // Otherwise it is looked for where the context is.
    ...(url !== undefined && folders.has("dockerfile") && { dockerfilekey: "dockerfile" }),
  };
  return { folders, sharedKey, uploaded, attributes };
}
