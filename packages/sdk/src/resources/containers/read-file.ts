import { posix } from "node:path";
import { ProtocolError, ResponseError } from "../../errors.ts";
import { ByteReader } from "../../layers/byte-reader.ts";
import { TarReader } from "../../layers/tar-reader.ts";
import { byteLimit } from "../../streams/byte-limit.ts";
import { parseJson } from "../../streams/json-body.ts";
import type { Caller } from "../../transport/call.ts";
import type { CallOptions } from "../../values/call-options.ts";

/** A file in a container, as the engine tells it. */
export interface ContainerPathStat {
  /** The last part of its path. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Go's `os.FileMode`: type bits high, permissions low. */
  readonly mode: number;
  /** When it was changed last, RFC 3339. */
  readonly mtime: string;
  /** Where a symbolic link points, else empty. */
  readonly linkTarget: string;
}

/** How a file of a container is read. */
export interface ReadFileOptions extends CallOptions {
  /** The longest file that is read, in bytes; `RangeError` beyond. Default 128 MiB. */
  readonly maxBytes?: number | undefined;
}

// As Linux itself.
const maxLinks = 40;
// Files of containers are configurations and results; what is longer is for `copyOut`, which does not keep it in memory.
const defaultLimit = 128 * 1024 * 1024;

/** The bytes of one file of the container. Links are followed inside the container. */
export async function readFile(
  caller: Caller,
  id: string,
  path: string,
  { maxBytes = defaultLimit, signal }: ReadFileOptions = {},
): Promise<Uint8Array> {
  const limit = byteLimit(maxBytes);
  let target = path;
  for (let links = 0; links <= maxLinks; links++) {
    const found = await readEntry(caller, id, target, limit, signal);
    if (found instanceof Uint8Array) return found;
    target = posix.resolve("/", posix.dirname(target), found.link);
  }
  throw new TypeError(`Argument "path": ${path} goes through more than ${maxLinks} links in the container.`);
}

async function readEntry(
  caller: Caller,
  id: string,
  path: string,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | { readonly link: string }> {
  const archive = await caller.call("ContainerArchive", { path: { id }, query: { path }, signal });
  const bytes = new ByteReader(archive);
  try {
    const tar = new TarReader(bytes, `The archive of ${path}`);
    const entry = await tar.next();
    if (entry === undefined) {
      throw new ProtocolError(`The engine sent an empty archive for ${path}.`, {
        operation: "ContainerArchive",
      });
    }
    if (entry.typeFlag === "2") return { link: entry.linkName };
    const kind = noFiles[entry.typeFlag];
    if (kind !== undefined) {
      throw new TypeError(`Argument "path": ${path} is a ${kind} in the container, not a file.`);
    }
    if (tar.left > maxBytes) {
      throw new RangeError(
        `${path} in the container has ${tar.left} bytes, more than the ${maxBytes} of \`maxBytes\`.`,
      );
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of tar.content()) chunks.push(chunk);
    return Buffer.concat(chunks);
  } finally {
    await bytes.close();
  }
}

const noFiles: Readonly<Record<string, string>> = {
  "3": "character device",
  "4": "block device",
  "5": "directory",
  "6": "FIFO",
};

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
