/** What is to be called when a signal is aborted; the signal itself gets one listener. */
interface Hub {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const hubs = new WeakMap<AbortSignal, Hub>();

/**
 * Calls back when the signal is aborted, until the function returned is called. However many calls share a signal, it
 * gets one listener: Node warns of a leak above ten. One that is aborted already calls nobody.
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal === undefined) return nothing;
  const { callbacks, listener } = hubOf(signal);
  if (callbacks.size === 0) signal.addEventListener("abort", listener, { once: true });
  const entry = (): void => callback(); // the same function may be given twice
  callbacks.add(entry);
  return () => {
    if (callbacks.delete(entry) && callbacks.size === 0) signal.removeEventListener("abort", listener);
  };
}

function nothing(): void {
  // Without a signal there is nobody to leave.
}

function hubOf(signal: AbortSignal): Hub {
  let hub = hubs.get(signal);
  if (hub === undefined) {
    const callbacks = new Set<() => void>();
    const listener = (): void => {
      const called = [...callbacks];
      callbacks.clear();
      for (const callback of called) callback();
    };
    hub = { callbacks, listener };
    hubs.set(signal, hub);
  }
  return hub;
}
