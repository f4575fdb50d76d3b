// Creating takes the engine a fraction of a second; one that needs longer may be stuck.
const grace = 3000;

interface LaterAbort extends Disposable {
  readonly signal: AbortSignal;
  /** Aborts it as late as if the other signal had been aborted now. */
  abortSoon(reason: unknown): void;
}

/**
 * A signal that follows another one some seconds later. The engine makes the container whether or not anybody waits
 * for the answer (20.10.24), and only the answer tells its id, by which it can be removed. It also starts one whether
 * or not anybody waits (28.5.2), and what is sent meanwhile to end it finds that it does not run yet.
 */
export function abortedLater(signal: AbortSignal | undefined): LaterAbort {
  const later = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const abortSoon = (reason: unknown): void => {
    timer ??= setTimeout(() => later.abort(reason), grace);
  };
  const onAbort = (): void => abortSoon(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    signal: later.signal,
    abortSoon,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}
