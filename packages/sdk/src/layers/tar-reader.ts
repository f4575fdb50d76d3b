/**
 * Reads a tar entry by entry as it comes, pulling from its source only what is asked for.
 *
 * It is our own because the layers of an image need what tar-stream leaves out: user ids in PAX records, names that
 * are no UTF-8, and an end in the middle as an error of this library wherever it is.
 */
import { ProtocolError, StreamTruncatedError } from "../errors.ts";
import type { ByteReader } from "./byte-reader.ts";
import {
  applyPax,
  blockSize,
  decodeHeader,
  decodeLongName,
  decodePax,
  isZero,
  type TarEntryHeader,
} from "./tar-entry-header.ts";

/** Bytes. Names and attributes of a file are far below; what is above is no tar. */
const longestExtension = 16 * 1024 * 1024;
const withoutContent = new Set(["1", "2", "3", "4", "5", "6"]);

export class TarReader {
  readonly #bytes: ByteReader;
  /** What says of the tar in errors, e.g. its own name in another tar. */
  readonly #name: string;
  #content = 0;
  #padding = 0;

  constructor(bytes: ByteReader, name: string) {
    this.#bytes = bytes;
    this.#name = name;
  }

  /** Bytes of the entry's content that are still to come. */
  get left(): number {
    return this.#content;
  }

  /** The next entry, past what was not read of the last; undefined at the end. */
  async next(): Promise<TarEntryHeader | undefined> {
    let pax: ReadonlyMap<string, Uint8Array> | undefined;
    let name: string | undefined;
    let linkName: string | undefined;
    for (;;) {
      await this.#skip();
      const block = await this.#block();
      if (block === undefined) {
        if (pax !== undefined || name !== undefined || linkName !== undefined) throw this.#truncated();
        return undefined;
      }
      const header = decodeHeader(block);
      switch (header.typeFlag) {
        case "x":
          pax = decodePax(await this.#extension(header));
          break;
        case "L":
          name = decodeLongName(await this.#extension(header));
          break;
        case "K":
          linkName = decodeLongName(await this.#extension(header));
          break;
        case "g":
          // The engine ignores global records, too.
          this.#expect(header.size);
          break;
        case "S":
          throw new ProtocolError(
            `${this.#name} holds a sparse file in GNU's format, which is not supported.`,
          );
        default: {
          const long = { ...header, name: name ?? header.name, linkName: linkName ?? header.linkName };
          const entry = pax === undefined ? long : applyPax(long, pax);
          // Some writers give a hard link the size of its file.
          const size = withoutContent.has(entry.typeFlag) ? 0 : entry.size;
          this.#expect(size);
          return { ...entry, size };
        }
      }
    }
  }

  /** The next bytes of the entry's content; undefined at its end. They are valid until the next call. */
  async chunk(): Promise<Uint8Array | undefined> {
    if (this.#content === 0) return undefined;
    const bytes = await this.#bytes.some(this.#content);
    if (bytes === undefined) throw this.#truncated();
    this.#content -= bytes.length;
    return bytes;
  }

  /** What {@link chunk} gives, one after the other. */
  async *content(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let bytes = await this.chunk(); bytes !== undefined; bytes = await this.chunk()) yield bytes;
  }

  #expect(size: number): void {
    this.#content = size;
    this.#padding = (blockSize - (size % blockSize)) % blockSize;
  }

  async #skip(): Promise<void> {
    while ((await this.chunk()) !== undefined);
    const padding = await this.#bytes.upTo(this.#padding);
    if (padding.length < this.#padding) throw this.#truncated();
    this.#padding = 0;
  }

  /** A header; undefined at the end, which is two blocks of zeros or, as writers of old have it, nothing. */
  async #block(): Promise<Uint8Array | undefined> {
    const block = await this.#bytes.upTo(blockSize);
    if (block.length === 0) return undefined;
    if (block.length < blockSize) throw this.#truncated();
    if (!isZero(block)) return block;
    const second = await this.#bytes.upTo(blockSize);
    if (!isZero(second)) throw new ProtocolError(`${this.#name} goes on after its end.`);
    return undefined;
  }

  async #extension(header: TarEntryHeader): Promise<Uint8Array> {
    if (header.size > longestExtension) {
      throw new ProtocolError(`${this.#name} holds a header of ${header.size} bytes.`);
    }
    this.#expect(header.size);
    this.#content = 0;
    const bytes = await this.#bytes.upTo(header.size);
    if (bytes.length < header.size) throw this.#truncated();
    // A copy: the bytes may be part of a chunk that its source uses again.
    return Uint8Array.prototype.slice.call(bytes);
  }

  #truncated(): StreamTruncatedError {
    return new StreamTruncatedError(`${this.#name} ends in the middle of an entry.`);
  }
}
