/** Reads the body of a request, chunked or of a length that the head tells. */
export class BodyReader {
  readonly #chunked: boolean;
  /** Bytes of the body, or of this chunk, that are still to come. */
  #left: number;
  #ended: boolean;

  constructor(headers: string) {
    this.#chunked = /^transfer-encoding: *chunked/im.test(headers);
    const [, length = "0"] = /^content-length: *(\d+)/im.exec(headers) ?? [];
    this.#left = this.#chunked ? 0 : Number(length);
    this.#ended = !this.#chunked && this.#left === 0;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Hands over what of these bytes is body, and tells how many were used. */
  read(data: Buffer, sink: { push(chunk: Buffer): void }): number {
    let at = 0;
    while (at < data.length && !this.#ended) {
      if (this.#left > 0) {
        const end = Math.min(at + this.#left, data.length);
        sink.push(data.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (!this.#chunked && this.#left === 0) this.#ended = true;
        continue;
      }
      const line = this.#sizeLine(data, at);
      if (line === undefined) return at;
      at = line.end;
      if (line.size > 0) this.#left = line.size;
      else if (line.last) this.#ended = true;
    }
    return at;
  }

  /** `1a\r\n`, also behind the line end of the chunk before, which comes as a line of its own; `0\r\n\r\n` is the end. */
  #sizeLine(data: Buffer, at: number): { end: number; size: number; last: boolean } | undefined {
    const end = data.indexOf("\r\n", at);
    if (end === -1) return undefined;
    const text = data.toString("latin1", at, end);
    if (text === "") return { end: end + 2, size: 0, last: false };
    const size = Number.parseInt(text, 16);
    if (size > 0) return { end: end + 2, size, last: false };
    return data.length < end + 4 ? undefined : { end: end + 4, size: 0, last: true };
  }
}
