import { extract, type Header } from "tar-stream";

export interface TarEntry extends Omit<Header, "mtime"> {
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly content: Buffer;
}

/** All entries of a tar in order. Names are latin1, so that such as are no UTF-8 can be compared byte by byte. */
export async function tarEntries(tar: Uint8Array): Promise<TarEntry[]> {
  // The published types lack this option.
  const options: object = { filenameEncoding: "latin1" };
  const reader = extract(options);
  reader.end(tar);
  const entries: TarEntry[] = [];
  for await (const entry of reader) {
    const parts: Uint8Array[] = [];
    // The types say unknown; an entry of a tar is bytes.
    for await (const part of entry as AsyncIterable<Uint8Array>) parts.push(part);
    const { mtime, ...header } = entry.header;
    entries.push({ ...header, mtime: mtime.getTime() / 1000, content: Buffer.concat(parts) });
  }
  return entries;
}
