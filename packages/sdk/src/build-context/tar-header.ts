/**
 * Tar headers, byte for byte as the docker CLI writes them: ustar fields as Go's archive/tar fills them, and a PAX
 * record for each value that does not fit. tar-stream's encoder cannot do names that are no UTF-8, nor times
 * outside 1970–2038, and a header by way of its stream costs as much as packing a small file.
 */
import { encodeName } from "./file-name.ts";

export const blockSize = 512;

/** The tar's end: two empty blocks. */
export const endOfTar: Uint8Array = new Uint8Array(2 * blockSize);

const typeFlags = {
  file: "0",
  link: "1",
  symlink: "2",
  "character-device": "3",
  "block-device": "4",
  folder: "5",
  fifo: "6",
} as const;

export interface TarHeader {
  /** `/` between parts, none at the end; encoded as in file-name.ts. */
  readonly path: string;
  readonly type: keyof typeof typeFlags;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  /** Bytes of content. 0 for all but files. */
  readonly size: number;
  /** Whole seconds since 1970, negative before. */
  readonly mtime: number;
  /** Where a symlink points, or which path in the tar a hard link repeats. */
  readonly linkTarget?: string | undefined;
  /** Default 0 and 0. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  readonly device?: { readonly major: number; readonly minor: number } | undefined;
}

/** Bytes from a file's start to that of the next entry: its size rounded up to whole blocks. */
function paddedSize(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}

/** The header and, before it, the PAX records it needs: a multiple of {@link blockSize}. */
export function encodeHeader(header: TarHeader): Buffer {
  const path = header.type === "folder" ? `${header.path}/` : header.path;
  const { linkTarget = "", owner = { uid: 0, gid: 0 } } = header;
  const split = splitPath(path);
  // Go sorts the records by name.
  const records: Buffer[] = [];
  if (owner.gid > largest(8)) records.push(paxRecord("gid", String(owner.gid)));
  if (!isShortAscii(linkTarget)) records.push(paxRecord("linkpath", linkTarget));
  if (header.mtime < 0 || header.mtime > largest(12)) records.push(paxRecord("mtime", String(header.mtime)));
  const hasLongSize = header.size > largest(12);
  // A path of two fields is given up for a record once there are records.
  if (
    !isShortAscii(path) &&
    (split === undefined || records.length > 0 || hasLongSize || owner.uid > largest(8))
  ) {
    records.push(paxRecord("path", path));
  }
  if (hasLongSize) records.push(paxRecord("size", String(header.size)));
  if (owner.uid > largest(8)) records.push(paxRecord("uid", String(owner.uid)));

  const data = Buffer.concat(records);
  const prologue = data.length === 0 ? 0 : blockSize + paddedSize(data.length);
  const result = Buffer.alloc(prologue + blockSize);
  if (prologue > 0) {
    writeText(result, 0, 100, paxName(path));
    writeFields(result, { mode: 0, size: data.length, mtime: 0 }, "x");
    data.copy(result, blockSize);
  }

  const main = result.subarray(prologue);
  const { prefix, name } = records.length === 0 && split !== undefined ? split : { prefix: "", name: path };
  writeText(main, 0, 100, name);
  writeText(main, 345, 155, prefix);
  writeText(main, 157, 100, linkTarget);
  writeOctal(main, 329, 8, header.device?.major ?? 0);
  writeOctal(main, 337, 8, header.device?.minor ?? 0);
  writeFields(main, header, typeFlags[header.type]);
  return result;
}

function writeFields(
  block: Buffer,
  values: Pick<TarHeader, "mode" | "size" | "mtime" | "owner">,
  type: string,
): void {
  writeOctal(block, 100, 8, values.mode);
  writeOctal(block, 108, 8, values.owner?.uid ?? 0);
  writeOctal(block, 116, 8, values.owner?.gid ?? 0);
  writeOctal(block, 124, 12, values.size);
  writeOctal(block, 136, 12, values.mtime);
  block.write(type, 156, 1, "latin1");
  block.write("ustar\u000000", 257, 8, "latin1");
  // The sum counts its own field as eight blanks.
  let sum = 8 * 32;
  for (let at = 0; at < blockSize; at++) sum += block[at] ?? 0;
  writeOctal(block, 148, 7, sum);
  block.write(" ", 155, 1, "latin1");
}

/** The largest number that a field of this many bytes holds, its closing NUL included. */
function largest(width: number): number {
  return 8 ** (width - 1) - 1;
}

function writeOctal(block: Buffer, at: number, width: number, value: number): void {
  const fitting = value >= 0 && value <= largest(width) ? value : 0;
  block.write(fitting.toString(8).padStart(width - 1, "0"), at, width - 1, "latin1");
}

/** What does not fit stands in a PAX record, so that only old readers see this rest. */
function writeText(block: Buffer, at: number, width: number, text: string): void {
  const ascii = asciiOnly(text);
  block.write(ascii, at, width, "latin1");
  // Cut behind a slash, a file's name would look like a folder's.
  if (ascii.length > width && ascii.charAt(width - 1) === "/") {
    block[at + ascii.slice(0, width - 1).replace(/\/+$/, "").length] = 0;
  }
}

/** How ustar holds an ASCII path of more than 100 bytes: cut at a slash, the end in at most 100 bytes. */
function splitPath(path: string): { prefix: string; name: string } | undefined {
  if (path.length <= 100 || asciiOnly(path) !== path) return undefined;
  const slash = path.lastIndexOf("/", Math.min(path.length - 2, 155));
  const name = path.slice(slash + 1);
  return slash > 0 && name.length <= 100 ? { prefix: path.slice(0, slash), name } : undefined;
}

function paxName(path: string): string {
  const slash = path.lastIndexOf("/");
  const folder = slash < 0 ? "" : path.slice(0, slash + 1);
  const name = `${folder}PaxHeaders.0/${path.slice(slash + 1)}`;
  return asciiOnly(name).slice(0, 100).replace(/\/+$/, "");
}

function isShortAscii(text: string): boolean {
  return text.length <= 100 && asciiOnly(text) === text;
}

function asciiOnly(text: string): string {
  // oxlint-disable-next-line no-control-regex -- a NUL cannot stand in a field that a NUL ends
  return /^[\u0001-\u007f]*$/.test(text) ? text : text.replace(/[^\u0001-\u007f]/gu, "");
}

/** `<length> <key>=<value>\n`, the length counting its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), encodeName(value), Buffer.from("\n")]);
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
