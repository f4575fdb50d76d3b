import { isAscii } from "node:buffer";

/** The text, when it is plain ASCII. Most of what engines and programs write is, and to decode that takes a tenth. */
export function asciiText(bytes: Uint8Array): string | undefined {
  if (!isAscii(bytes)) return undefined;
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.toString("latin1");
}

// A byte order mark is a character like any other to what a program writes.
const exact = { ignoreBOM: true };
// It keeps nothing between two texts that are whole.
const whole = new TextDecoder("utf-8", exact);

/** Of what is whole; what is no UTF-8 becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return asciiText(bytes) ?? whole.decode(bytes);
}

/** Decodes text in pieces, which may cut characters. */
export class Utf8Decoder {
  readonly #decoder = new TextDecoder("utf-8", exact);
  /** Whether the last piece may have ended within a character. */
  #cut = false;

  push(piece: Uint8Array): string {
    const text = this.#cut ? undefined : asciiText(piece);
    if (text !== undefined) return text;
    this.#cut = (piece.at(-1) ?? 0xff) >= 0x80;
    return this.#decoder.decode(piece, { stream: true });
  }

  /** What a last character lacks is U+FFFD. */
  end(): string {
    this.#cut = false;
    return this.#decoder.decode();
  }
}
