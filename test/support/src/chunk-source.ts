/** Bytes for a codec, one chunk or several a read, without a socket. */
export interface ChunkSource {
  read(): Promise<readonly Uint8Array[] | undefined>;
  close(): void;
  /** How often it was closed. */
  readonly closed: number;
  /** How often it was read. */
  readonly reads: number;
}

/** Each element is what one read gives; an `Error` is thrown by its read. */
export function chunkSource(
  reads: readonly (readonly Uint8Array[] | Uint8Array | string | Error)[],
): ChunkSource {
  let next = 0;
  let closed = 0;
  return {
    async read() {
      const item = closed > 0 ? undefined : reads[next++];
      if (item instanceof Error) throw item;
      if (item === undefined) return undefined;
      if (typeof item === "string") return [Buffer.from(item)];
      return item instanceof Uint8Array ? [item] : item;
    },
    close: () => void closed++,
    get closed() {
      return closed;
    },
    get reads() {
      return next;
    },
  };
}

/** Cuts bytes at the given offsets; each piece is a chunk of its own. */
export function cutAt(bytes: Uint8Array, offsets: readonly number[]): Uint8Array[] {
  const cuts = [...new Set(offsets)].filter((at) => at > 0 && at < bytes.length).toSorted((a, b) => a - b);
  return [0, ...cuts].map((start, index) => bytes.subarray(start, cuts[index]));
}

/** Cuts bytes into pieces of this size. */
export function piecesOf(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

/** A frame of the engine's multiplexed output: 1 is stdout, 2 stderr, 3 an error of the engine. */
export function frame(type: number, data: Uint8Array | string): Buffer {
  const payload = Buffer.from(data);
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

/** Gives these bytes, and then nothing until it is closed. */
export function quietSource(first: string | Uint8Array): ChunkSource {
  const source = chunkSource([first]);
  let wake = (): void => undefined;
  const left = new Promise<void>((resolve) => {
    wake = resolve;
  });
  return {
    async read() {
      const chunks = await source.read();
      if (chunks === undefined) await left;
      return chunks;
    },
    close() {
      source.close();
      wake();
    },
    get closed() {
      return source.closed;
    },
    get reads() {
      return source.reads;
    },
  };
}
