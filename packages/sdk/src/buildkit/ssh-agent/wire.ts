/** How SSH writes data (RFC 4251, section 5): lengths before bytes, integers with the highest byte first. */

/** Reads fields one after the other. @throws RangeError when one goes beyond the end. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  number(): number {
    const value = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  bytes(): Buffer {
    return this.take(this.number());
  }

  text(): string {
    return this.bytes().toString("utf8");
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("a field is longer than what holds it");
    const field = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return field;
  }
}

/** A 32-bit number. */
export function wireNumber(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Bytes with their length before them. */
export function wireString(value: string | Uint8Array): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value, "utf8") : value;
  return Buffer.concat([wireNumber(bytes.length), bytes]);
}

/** A positive integer, given highest byte first: as short as can be, with a zero before what would look negative. */
export function wireInteger(value: Uint8Array): Buffer {
  const digits = withoutZeros(value);
  const [first = 0] = digits;
  return wireString(first >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits);
}

/** Without the zeros at the front. */
export function withoutZeros(value: Uint8Array): Uint8Array {
  const first = value.findIndex((byte) => byte !== 0);
  return first < 0 ? value.subarray(value.length) : value.subarray(first);
}
