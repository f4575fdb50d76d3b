import { ConnectionError, EngineGoneError, NotFoundError } from "../errors.ts";
import type { ByteSource } from "../streams/byte-source.ts";
import { confirmedSource } from "../streams/lazy-source.ts";
import type { Caller } from "../transport/call.ts";

/**
 * A stream whose end proves nothing, since an engine that is killed or stopped may end it just so. At its end the
 * engine is asked for what the stream was about.
 */
export function confirmEnd(caller: Caller, source: ByteSource, ask: () => Promise<unknown>): ByteSource {
  return confirmedSource(source, async () => {
    try {
      await ask();
    } catch (error) {
      // A container that was removed at its end had one.
      if (error instanceof NotFoundError) return;
      throw error instanceof ConnectionError ? engineGone(caller, error) : error;
    }
  });
}

/** For streams that outlived their engine. */
export function engineGone(caller: Caller, cause: unknown): EngineGoneError {
  return new EngineGoneError(
    `The Docker Engine at ${caller.host} went away during a stream: it was stopped, restarted or killed.`,
    { host: caller.host, cause },
  );
}
