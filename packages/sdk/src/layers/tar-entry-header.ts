import { ProtocolError } from "../errors.ts";
import { decodeName } from "../build-context/file-name.ts";

export const blockSize = 512;

/** What the 512 bytes before an entry say, as they say it. */
export interface TarEntryHeader {
  readonly typeFlag: string;
  readonly name: string;
  readonly linkName: string;
  /** Permission bits with set-id and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970, negative before. */
  readonly mtime: number;
  /** Bytes that follow. */
  readonly size: number;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  /** Extended attributes, e.g. `security.capability`, as hexadecimal digits; undefined without any. */
  readonly xattrs?: Readonly<Record<string, string>> | undefined;
}

/** Whether these bytes can begin a tar: a header with its right checksum, or the zeros that end a tar. */
export function beginsTar(block: Uint8Array): boolean {
  return block.length >= blockSize && (isZero(block) || hasRightChecksum(block));
}

export function isZero(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** @throws ProtocolError when this is no header of a tar. */
export function decodeHeader(block: Uint8Array): TarEntryHeader {
  if (!hasRightChecksum(block)) throw new ProtocolError("A tar holds something else where a header must be.");
  const prefix = isUstar(block) ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  return {
    typeFlag: String.fromCharCode(block[156] ?? 0),
    name: prefix === "" ? name : `${prefix}/${name}`,
    linkName: text(block, 157, 100),
    mode: number(block, 100, 8) & 0o7777,
    uid: number(block, 108, 8),
    gid: number(block, 116, 8),
    mtime: time(block),
    size: number(block, 124, 12),
    deviceMajor: number(block, 329, 8),
    deviceMinor: number(block, 337, 8),
  };
}

/** The records of a PAX header. Their values are bytes: names need not be UTF-8. */
export function decodePax(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const records = new Map<string, Uint8Array>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = space === -1 ? 0 : Number(latin1(bytes.subarray(at, space)));
    const equals = bytes.indexOf(0x3d, space);
    const end = at + length;
    if (!Number.isSafeInteger(length) || equals === -1 || equals >= end || end > bytes.length) {
      throw new ProtocolError("A tar holds a broken PAX header.");
    }
    records.set(latin1(bytes.subarray(space + 1, equals)), bytes.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** Replaces what the header had no room for. */
export function applyPax(header: TarEntryHeader, pax: ReadonlyMap<string, Uint8Array>): TarEntryHeader {
  const name = pax.get("path");
  const linkName = pax.get("linkpath");
  return {
    ...header,
    ...(name === undefined ? {} : { name: decodeName(Buffer.from(name)) }),
    ...(linkName === undefined ? {} : { linkName: decodeName(Buffer.from(linkName)) }),
    uid: paxNumber(pax, "uid") ?? header.uid,
    gid: paxNumber(pax, "gid") ?? header.gid,
    mtime: paxTime(pax) ?? header.mtime,
    size: paxNumber(pax, "size") ?? header.size,
    xattrs: paxAttributes(pax),
  };
}

const attributePrefix = "SCHILY.xattr.";

function paxAttributes(pax: ReadonlyMap<string, Uint8Array>): Readonly<Record<string, string>> | undefined {
  const attributes = [...pax].flatMap(([key, value]) =>
    key.startsWith(attributePrefix)
      ? [[key.slice(attributePrefix.length), Buffer.from(value).toString("hex")] as const]
      : [],
  );
  return attributes.length === 0 ? undefined : Object.fromEntries(attributes);
}

/** The name in a GNU entry of type L or K. */
export function decodeLongName(bytes: Uint8Array): string {
  return text(bytes, 0, bytes.length);
}

function paxNumber(pax: ReadonlyMap<string, Uint8Array>, key: string): number | undefined {
  const bytes = pax.get(key);
  return bytes === undefined ? undefined : checked(Number(latin1(bytes)));
}

/** A time says nothing about the rest of the tar: one that cannot be read fails nothing. */
function paxTime(pax: ReadonlyMap<string, Uint8Array>): number | undefined {
  const bytes = pax.get("mtime");
  const seconds = bytes === undefined ? Number.NaN : Number(latin1(bytes));
  return Number.isFinite(seconds) ? seconds : undefined;
}

function time(block: Uint8Array): number {
  const field = block.subarray(136, 148);
  const first = field[0] ?? 0;
  if ((first & 0x80) === 0) return Number.parseInt(latin1(field).replaceAll("\0", " ").trim(), 8) || 0;
  // GNU's times before 1970 are negative numbers in two's complement.
  const sign = (first & 0x40) !== 0 ? -1 : 0;
  return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, sign);
}

function hasRightChecksum(block: Uint8Array): boolean {
  let sum = 0;
  // The checksum counts its own field as spaces.
  for (let at = 0; at < blockSize; at++) sum += at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0);
  return sum === Number.parseInt(latin1(block.subarray(148, 156)).replaceAll("\0", " ").trim(), 8);
}

function isUstar(block: Uint8Array): boolean {
  // GNU's magic has a space where this has a zero, and other things in the prefix's place.
  return latin1(block.subarray(257, 263)) === "ustar\0";
}

function text(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return decodeName(Buffer.from(end === -1 ? field : field.subarray(0, end)));
}

/** Octal digits; or, with the first bit set, the bytes of a big-endian number. */
function number(block: Uint8Array, start: number, length: number): number {
  const field = block.subarray(start, start + length);
  const first = field[0] ?? 0;
  if ((first & 0x80) !== 0) {
    return checked(field.subarray(1).reduce((sum, byte) => sum * 256 + byte, first & 0x7f));
  }
  const digits = latin1(field).replaceAll("\0", " ").trim();
  return digits === "" ? 0 : checked(Number.parseInt(digits, 8));
}

function checked(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new ProtocolError("A tar holds a number that cannot be read.");
  }
  return value;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
