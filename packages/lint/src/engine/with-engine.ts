/** One run of dflint with an engine: connected, cleaned up after, and ended in order by Ctrl-C. */
import { setTimeout } from "node:timers/promises";
import { removeAllOf, removeLeftovers, removeSteps } from "./cleanup.ts";
import { connect, unavailable, type ConnectOptions } from "./connect.ts";
import { ENDING_SIGNALS, InterruptedError, type EndingSignal } from "./engine-error.ts";
import { isLost, refusalOf } from "./engine-loss.ts";
import { newRunId, RUN_LABEL } from "./owner.ts";
import type { Engine } from "./port.ts";

/** How long an engine may take to notice that nobody waits for a build any more. Milliseconds. */
const GRACE = 300;

/** An engine, lent to one run. */
export interface EngineRun {
  readonly engine: Engine;
  /** To be put on all that is made: what carries them is removed at the end. */
  readonly labels: Readonly<Record<string, string>>;
  /** Images that the classic builder made for steps: they bear no label until the last one, and go with that as a rule. */
  readonly stepImages: Set<string>;
  /** Aborted when the program is to end; for every call. */
  readonly signal: AbortSignal;
}

/**
 * Connects to an engine and does something with it. All that carries the run's labels is removed after, also when the work
 * fails or a signal ends it; a second signal ends the program at once.
 * Throws EngineUnavailableError, EngineRefusalError or {@link InterruptedError}.
 */
export async function withEngine<Result>(
  options: Omit<ConnectOptions, "signal">,
  work: (run: EngineRun) => Promise<Result>,
): Promise<Result> {
  using ending = endBySignals();
  const { signal } = ending;
  await using connection = await connect({ ...options, signal });
  const { engine } = connection;
  const runId = newRunId();
  const stepImages = new Set<string>();
  await removeLeftovers(engine);
  try {
    return await work({ engine, labels: { [RUN_LABEL]: runId }, stepImages, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw isLost(error) ? unavailable(error) : (refusalOf(error) ?? error);
  } finally {
    const removal = async (): Promise<void> => {
      await removeAllOf(engine, runId).catch(() => undefined);
      await removeSteps(engine, stepImages).catch(() => undefined);
    };
    await removeAll(removal, signal);
  }
}

/** Whatever the work ended in is told, and not that the engine took nothing back. */
async function removeAll(removal: () => Promise<void>, signal: AbortSignal): Promise<void> {
  await removal();
  if (!signal.aborted) return;
  // A build that was cut in its last moment may still become an image; a later run would remove it, too.
  await setTimeout(GRACE);
  await removal();
}

/** Signals abort instead of ending the program; the second one ends it. */
function endBySignals(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const names = Object.keys(ENDING_SIGNALS) as EndingSignal[]; // the table has no other keys
  const others = names.map((name) => [name, process.listeners(name)] as const);
  const restore = (): void => {
    for (const [name, listeners] of others) {
      process.removeListener(name, onSignal);
      for (const listener of listeners) process.on(name, listener);
    }
  };
  const onSignal = (name: EndingSignal): void => {
    if (controller.signal.aborted) {
      restore();
      process.kill(process.pid, name);
    }
    controller.abort(new InterruptedError(name));
  };
  for (const name of names) process.removeAllListeners(name).on(name, onSignal);
  return { signal: controller.signal, [Symbol.dispose]: restore };
}
