import { posix } from "node:path";
import { ProtocolError } from "../../errors.ts";
import { ByteReader } from "../../layers/byte-reader.ts";
import { TarReader } from "../../layers/tar-reader.ts";
import { byteLimit, limitKinds } from "../../streams/byte-limit.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf } from "../../values/options.ts";

/** How a file of a container is read. */
export interface ReadFileOptions extends CallOptions {
  /** The longest file that is read, in bytes; `RangeError` beyond. Default 128 MiB. */
  readonly maxBytes?: number | undefined;
}

/** Takes {@link ReadFileOptions}. */
export const readFileOptions: Check = optionsOf<ReadFileOptions>("{ maxBytes: 1024 }", limitKinds);

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
