/** Letting Ctrl-C end what never lets this process hear it. */

/**
 * Runs something that keeps the process busy or blocked. Handlers of signals cannot run meanwhile, so there are none: the
 * system ends the process at once, which shells see as 130, too.
 */
export function interruptible<Result>(work: () => Result): Result {
  const listeners = process.listeners("SIGINT");
  process.removeAllListeners("SIGINT");
  try {
    return work();
  } finally {
    for (const listener of listeners) process.on("SIGINT", listener);
  }
}
