import { isAbsolute, resolve } from "node:path";
import { addDockerfile, randomDockerfileName } from "./added-dockerfile.ts";
import type { BuildContext } from "./build-context.ts";
import {
  missingDockerfile,
  neededDockerfile,
  readDockerfile,
  toBytes,
  type DockerfileSource,
} from "./dockerfile.ts";
import { packContext } from "./folder-context.ts";
import { entriesOf, readTar, tarWithDockerfile } from "./given-context.ts";
import { packEntries, type PackOptions } from "./pack.ts";

export interface PrepareContextOptions extends PackOptions {
  readonly context: BuildContext;
  /**
   * With a folder: a path, from the folder if relative. With a tar or files: a path in them, or an absolute one on
   * this machine. With `"none"`: a path, from the working directory if relative. Or the text. Default `Dockerfile`.
   */
  readonly dockerfile?: DockerfileSource | undefined;
}

/** What `POST /build` is to be sent. */
export type PreparedContext =
  | { readonly stream: AsyncIterable<Uint8Array>; readonly dockerfile: string }
  /** For the query's `remote`; `dockerfile` is undefined where the engine's default holds. */
  | { readonly remote: string; readonly dockerfile: string | undefined };

/**
 * Turns the `context` and `dockerfile` options of a build into what is sent. Throws `ContextError` for what is
 * missing or unreadable, `TypeError` for combinations that mean nothing; the stream throws while it is read.
 */
export async function prepareContext({
  context,
  dockerfile,
  ...options
}: PrepareContextOptions): Promise<PreparedContext> {
  const { signal } = options;
  signal?.throwIfAborted();
  if (context === "none") return dockerfileOnly(dockerfile, options);
  if (typeof context === "string") return packContext({ directory: context, dockerfile, ...options });
  if ("remote" in context) {
    if (typeof dockerfile === "object")
      throw new TypeError(
        'Argument "dockerfile" must be a path, not a text, for the classic builder and a context at a URL.',
      );
    return { remote: context.remote, dockerfile };
  }

  const isElsewhere = typeof dockerfile === "object" || (dockerfile !== undefined && isAbsolute(dockerfile));
  const text = isElsewhere ? await textOf(dockerfile) : undefined;
  const path = typeof dockerfile === "string" ? dockerfile : "Dockerfile";
  if ("tar" in context) {
    if (text !== undefined) return tarWithDockerfile(context.tar, text, signal);
    return { stream: readTar(context.tar, signal), dockerfile: path };
  }

  const entries = entriesOf(context.files);
  if (text !== undefined) {
    const name = randomDockerfileName();
    return { stream: packEntries(addDockerfile(entries, name, text), options), dockerfile: name };
  }
  if (!Object.hasOwn(context.files, path)) {
    throw missingDockerfile(path);
  }
  return { stream: packEntries(entries, options), dockerfile: path };
}

async function dockerfileOnly(
  dockerfile: DockerfileSource | undefined,
  options: PackOptions,
): Promise<PreparedContext> {
  if (dockerfile === undefined) throw neededDockerfile();
  const entries = entriesOf({ Dockerfile: await textOf(dockerfile) });
  return { stream: packEntries(entries, options), dockerfile: "Dockerfile" };
}

function textOf(dockerfile: DockerfileSource): Promise<Uint8Array> {
  if (typeof dockerfile === "string") return readDockerfile(resolve(dockerfile));
  return Promise.resolve(toBytes(dockerfile.text));
}
