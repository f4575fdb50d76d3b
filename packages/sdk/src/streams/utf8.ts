import { isAscii, isUtf8, transcode } from "node:buffer";

/** The text, when it is plain ASCII. Most of what engines and programs write is, and to decode that takes a tenth. */
export function asciiText(bytes: Uint8Array): string | undefined {
  if (!isAscii(bytes)) return undefined;
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.toString("latin1");
}

// A byte order mark is a character like any other to what a program writes.
const exact = { ignoreBOM: true };
const more = { stream: true };
// It keeps nothing between two texts that are whole.
const whole = new TextDecoder("utf-8", exact);
// Bytes. Shorter text is decoded as fast in one step as in two.
const long = 1024;

/** Of what is whole; what is no UTF-8 becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return asciiText(bytes) ?? whole.decode(bytes);
}

/** Decodes text in pieces, which may cut characters. */
export class Utf8Decoder {
  readonly #decoder = new TextDecoder("utf-8", exact);
  /** Whether the decoder has the beginning of a character. */
  #cut = false;

  push(piece: Uint8Array): string {
    if (!this.#cut) return this.#decode(piece);
    const end = endOfCharacter(piece);
    if (end === piece.length && end < 3) return this.#decoder.decode(piece, more);
    this.#cut = false;
    return this.#decoder.decode(piece.subarray(0, end)) + this.#decode(piece.subarray(end));
  }

  /** What a last character lacks is U+FFFD. */
  end(): string {
    this.#cut = false;
    return this.#decoder.decode();
  }

  #decode(piece: Uint8Array): string {
    const text = asciiText(piece);
    if (text !== undefined) return text;
    const start = startOfCutCharacter(piece);
    this.#cut = start < piece.length;
    const rest = this.#cut ? piece.subarray(0, start) : piece;
    if (rest.length < long || !isUtf8(rest)) return this.#decoder.decode(piece, more);
    // Node takes less than half as long to find out that it is UTF-8, and to decode it without looking for errors.
    const decoded = transcode(rest, "utf8", "utf16le").toString("utf16le");
    return this.#cut ? decoded + this.#decoder.decode(piece.subarray(start), more) : decoded;
  }
}

/** How many bytes a piece begins with that may belong to the character before it: at most three. */
function endOfCharacter(piece: Uint8Array): number {
  let end = 0;
  while (end < 3 && isContinuation(piece[end])) end++;
  return end;
}

/** Where the last character begins, if more of it may come; else the length. */
function startOfCutCharacter(piece: Uint8Array): number {
  let start = piece.length - 1;
  while (start > 0 && start > piece.length - 3 && isContinuation(piece[start])) start--;
  const first = piece[start] ?? 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  return start + length > piece.length ? start : piece.length;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
