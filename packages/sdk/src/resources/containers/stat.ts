import { ProtocolError, ResponseError } from "../../errors.ts";
import { parseJson } from "../../streams/json-body.ts";
import type { Caller } from "../../transport/call.ts";
import type { CallOptions } from "../../values/call-options.ts";

/** A file in a container, as the engine tells it. */
export interface ContainerPathStat {
  /** The last part of its path. */
  readonly name: string;
  /** Its size, in bytes. */
  readonly size: number;
  /** Go's `os.FileMode`: type bits high, permissions low. */
  readonly mode: number;
  /** When it was changed last, RFC 3339. */
  readonly mtime: string;
  /** Where a symbolic link points, else empty. */
  readonly linkTarget: string;
}

/** What the engine knows of a path. Links are not followed. */
export async function stat(
  caller: Caller,
  id: string,
  path: string,
  { signal }: CallOptions = {},
): Promise<ContainerPathStat> {
  const parameters = { path: { id }, query: { path }, signal };
  const response = await caller.send("ContainerArchiveInfo", parameters).catch(async (error: unknown) => {
    // A refusal of HEAD has no text; the same question by GET is refused in the engine's words.
    if (error instanceof ResponseError) (await caller.call("ContainerArchive", parameters)).close();
    throw error;
  });
  response.body.close();
  const header = response.headers["x-docker-container-path-stat"];
  if (typeof header !== "string") {
    throw new ProtocolError("The engine did not tell what the path is.", {
      operation: "ContainerArchiveInfo",
    });
  }
  const stat = parseJson(Buffer.from(header, "base64").toString("utf8"), "ContainerArchiveInfo");
  return stat as ContainerPathStat; // as the API documents
}
