import { onAbort } from "../on-abort.ts";
import type { ByteSource } from "./byte-source.ts";
import { deferred } from "./deferred.ts";
import type { OutputSource } from "./output-stream.ts";

/**
 * A source that is opened by its first read, so that a stream can be handed out before its call is made.
 * @param open gets a signal that is aborted by the caller's and when the reader leaves, for all it asks the engine.
 * @param signal the caller's.
 */
export function lazySource(
  open: (signal: AbortSignal) => Promise<ByteSource>,
  signal?: AbortSignal,
): ByteSource {
  // Not AbortSignal.any: what it makes of a long-lived signal is never collected on Node 20.
  const either = new AbortController();
  const abort = (): void => either.abort(signal?.reason);
  let ignoreAbort = (): void => undefined;
  let opening: Promise<ByteSource> | undefined;
  let source: ByteSource | undefined;
  let closed = false;
  const left = deferred();
  const begin = (): Promise<ByteSource> => {
    if (signal?.aborted === true) abort();
    ignoreAbort = onAbort(signal, abort);
    return open(either.signal);
  };
  return {
    async read() {
      if (closed) return undefined;
      if (source === undefined) {
        opening ??= begin();
        // Not raced at each read: what waits for `left` stays in memory as long as the stream.
        const opened = await Promise.race([opening, left.promise]);
        if (opened === undefined) return undefined;
        source = opened;
      }
      return await source.read();
    },
    close() {
      if (closed) return;
      closed = true;
      left.resolve();
      ignoreAbort();
      either.abort();
      // An opening that fails after its reader has left concerns nobody.
      opening?.then((opened) => opened.close()).catch(() => undefined);
    },
    stopped: () => source?.stopped?.() ?? left.promise,
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
  open: (signal: AbortSignal) => Promise<{ source: ByteSource; tty: boolean }>,
  signal?: AbortSignal,
): OutputSource {
  let tty = false;
  const source = lazySource(async (both) => {
    const opened = await open(both);
    tty = opened.tty;
    return opened.source;
  }, signal);
  return {
    get tty() {
      return tty;
    },
    read: () => source.read(),
    close: () => source.close(),
    stopped: source.stopped,
  };
}
