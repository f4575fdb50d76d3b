/**
 * File names are bytes. Here they travel as strings in which each byte that is no UTF-8 stands as a lone low
 * surrogate (0xff as U+DCFF), so that patterns, sorting and `startsWith` work and no byte is lost on the way.
 */
import { isUtf8 } from "node:buffer";

const loneByte = /[\udc80-\udcff]/u;

export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let name = "";
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    const char = bytes.subarray(at, at + length);
    const valid = char.length === length && isUtf8(char);
    name += valid ? char.toString("utf8") : String.fromCharCode(0xdc00 + byte);
    at += valid ? length : 1;
  }
  return name;
}

export function isUtf8Name(name: string): boolean {
  return !loneByte.test(name);
}

export function encodeName(name: string): Buffer {
  if (!loneByte.test(name)) return Buffer.from(name, "utf8");
  const parts = name.split(/([\udc80-\udcff])/u);
  return Buffer.concat(
    parts.map((part) =>
      loneByte.test(part) ? Buffer.of(part.charCodeAt(0) - 0xdc00) : Buffer.from(part, "utf8"),
    ),
  );
}

/** For calls of `node:fs`: a string where one can name the file. */
export function pathOnDisk(path: string): string | Buffer {
  return loneByte.test(path) ? encodeName(path) : path;
}

/** Whether comparing UTF-16 units could order this name otherwise than comparing its bytes. */
export function sortsUnlikeBytes(name: string): boolean {
  return /[\ud800-\uffff]/.test(name);
}

export function compareBytes(a: string, b: string): number {
  return Buffer.compare(encodeName(a), encodeName(b));
}

export function compareUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
