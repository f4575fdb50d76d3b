import type { ByteSource } from "./byte-source.ts";
import type { OutputSource } from "./output-stream.ts";

/**
 * A source that is opened by its first read, so that a stream can be handed out before its call is made.
 * @param open gets a signal that is aborted when the reader leaves.
 */
export function lazySource(open: (left: AbortSignal) => Promise<ByteSource>): ByteSource {
  const leaving = new AbortController();
  let opening: Promise<ByteSource> | undefined;
  let source: ByteSource | undefined;
  let closed = false;
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  return {
    async read() {
      if (closed) return undefined;
      if (source === undefined) {
        opening ??= open(leaving.signal);
        // Not raced at each read: what waits for `left` stays in memory as long as the stream.
        const opened = await Promise.race([opening, left]);
        if (opened === undefined) return undefined;
        source = opened;
      }
      return await source.read();
    },
    close() {
      if (closed) return;
      closed = true;
      leave();
      leaving.abort();
      // An opening that fails after its reader has left concerns nobody.
      opening?.then((opened) => opened.close()).catch(() => undefined);
    },
    stopped: () => source?.stopped?.() ?? left,
  };
}

/**
 * Asks a question at the end of a stream, for those whose end proves nothing.
 * @param confirm throws when the stream was cut rather than ended.
 */
export function confirmedSource(source: ByteSource, confirm: () => Promise<void>): ByteSource {
  let closed = false;
  return {
    async read() {
      const chunks = await source.read();
      if (chunks === undefined && !closed) await confirm();
      return chunks;
    },
    close() {
      closed = true;
      source.close();
    },
    stopped: source.stopped?.bind(source),
  };
}

/** A lazy source of output, whose format is known once it is open. */
export function lazyOutput(
  open: (left: AbortSignal) => Promise<{ source: ByteSource; tty: boolean }>,
): OutputSource {
  let tty = false;
  const source = lazySource(async (left) => {
    const opened = await open(left);
    tty = opened.tty;
    return opened.source;
  });
  return {
    get tty() {
      return tty;
    },
    read: () => source.read(),
    close: () => source.close(),
    stopped: source.stopped,
  };
}
