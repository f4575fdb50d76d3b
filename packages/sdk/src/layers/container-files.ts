import type { ByteStream } from "../streams/byte-stream.ts";
import { ByteReader } from "./byte-reader.ts";
import type { FileFacts } from "./file-facts.ts";
import { absolute, readEntry } from "./layer-content.ts";
import { TarReader } from "./tar-reader.ts";

/** A path of a container's filesystem. */
export interface ContainerFile extends FileFacts {
  /** Absolute, e.g. `/etc/passwd`. A byte that is no UTF-8 stands as a lone surrogate: 0xff as U+DCFF. */
  readonly path: string;
  /** The path of which this is another name (a hard link); all facts but these two are then that one's to tell. */
  readonly hardLinkTo?: string | undefined;
  /** When it was changed last, in seconds since 1970. */
  readonly mtime: number;
  /** Extended attributes, e.g. `security.capability`, as hexadecimal digits; undefined without any. */
  readonly xattrs?: Readonly<Record<string, string>> | undefined;
}

/** The entries of an export as they stream by; of the files' contents nothing stays in memory. */
export async function* readContainerFiles(
  open: () => Promise<ByteStream>,
): AsyncGenerator<ContainerFile, void, undefined> {
  const bytes = new ByteReader(await open());
  try {
    const reader = new TarReader(bytes, "The container's filesystem");
    for (let header = await reader.next(); header !== undefined; header = await reader.next()) {
      const { mode, uid, gid, mtime, xattrs } = header;
      const path = absolute(header.name);
      if (path === "/") continue;
      const entry = await readEntry(header, reader);
      const facts =
        "hardLinkTo" in entry ? { type: "file" as const, mode, uid, gid, size: 0, ...entry } : entry;
      yield { path, ...facts, mtime, ...(xattrs === undefined ? {} : { xattrs }) };
    }
  } finally {
    await bytes.close();
  }
}
