/** Tries out what an image starts: which ports it listens on, and whether it ends when it is asked to. */
import { setTimeout } from "node:timers/promises";
import type { ListeningFacts, StopFacts } from "../../linter/facts/engine-facts.ts";
import { listeningPorts, SOCKET_TABLES } from "./listening-ports.ts";
import type { Container } from "../port.ts";
import { withContainer } from "./probe-container.ts";
import type { EngineRun } from "../with-engine.ts";

/** What a container tells of what was asked. */
export interface ContainerFacts {
  readonly stop: StopFacts | undefined;
  /** Undefined where the image has no program to look with, too. */
  readonly listening: ListeningFacts | undefined;
}

/** An image, and what to find out. */
export interface ContainerQuestion {
  readonly image: string;
  readonly source: string;
  readonly wantsStop: boolean;
  readonly wantsPorts: boolean;
}

/**
 * Milliseconds until a program has had time to say what it does with signals. One that does not heed them is tried once
 * more, with more time: it may have been slow.
 */
const SETTLED = [1500, 4000] as const;

/** Seconds from the signal until the container is killed; people wait ten. */
const PATIENCE = 3;

/** Milliseconds for all of it. */
const LIMIT = 60_000;

/**
 * Starts a container of an image and stops it. Undefined where it ends by itself before, as without a network many do, or
 * cannot be started.
 */
export async function containerFacts(
  run: EngineRun,
  question: ContainerQuestion,
): Promise<ContainerFacts | undefined> {
  let facts: ContainerFacts | undefined;
  for (const settled of SETTLED) {
    facts = await startAndStop(run, question, settled);
    if (facts?.stop?.killed !== true) break;
  }
  return facts;
}

async function startAndStop(
  run: EngineRun,
  { image, source, wantsStop, wantsPorts }: ContainerQuestion,
  settled: number,
): Promise<ContainerFacts | undefined> {
  const limit = AbortSignal.timeout(LIMIT);
  const limited = { ...run, signal: AbortSignal.any([run.signal, limit]) };
  const { signal } = limited;
  try {
    return await withContainer(limited, image, { Healthcheck: { Test: ["NONE"] } }, async (container) => {
      await container.start({ signal });
      await setTimeout(settled, undefined, { signal });
      if (!(await container.inspect({ signal })).State.Running) return undefined;
      const listening = wantsPorts ? await listeningIn(container, source, signal) : undefined;
      const stop = wantsStop ? await stopFacts(container, source, signal) : undefined;
      return { stop, listening };
    });
  } catch (error) {
    run.signal.throwIfAborted();
    if (limit.aborted || isRefusal(error)) return undefined;
    throw error;
  }
}

/** What a shell makes of SIGKILL. */
const KILLED = 137;

/** Undefined where the image asks to be killed: nothing can heed that. */
async function stopFacts(
  container: Container,
  source: string,
  signal: AbortSignal,
): Promise<StopFacts | undefined> {
  const asked = (await container.inspect({ signal })).Config?.StopSignal ?? "SIGTERM";
  if (/^(?:(?:SIG)?KILL|9)$/i.test(asked)) return undefined;
  const begun = performance.now();
  await container.stop({ timeout: PATIENCE, signal });
  const duration = performance.now() - begun;
  const { State } = await container.inspect({ signal });
  const exitCode = State.ExitCode;
  const killed = exitCode === KILLED;
  const seconds = (duration / 1000).toFixed(1);
  const evidence = killed
    ? `A container that was started and stopped did not heed ${asked}, and was killed after ${seconds} s (exit code ${exitCode}); docker stop waits 10 s: ${source}.`
    : `A container that was started and stopped ended ${seconds} s after ${asked} (exit code ${exitCode}): ${source}.`;
  return { duration, exitCode, killed, evidence };
}

/** How often a container is asked that listens on nothing yet, and the milliseconds between. */
const ASKED = 5;
const PAUSE = 1000;

/** Asks the container's own `cat`; one that is not there tells nothing. */
async function listeningIn(
  container: Container,
  source: string,
  signal: AbortSignal,
): Promise<ListeningFacts | undefined> {
  let ports: readonly string[] = [];
  for (let asked = 0; asked < ASKED && ports.length === 0; asked += 1) {
    if (asked > 0) await setTimeout(PAUSE, undefined, { signal });
    const tables = await readTables(container, signal);
    if (tables === undefined) return undefined;
    ports = listeningPorts(tables);
  }
  const evidence = `A container that was started listens on ${ports.join(", ") || "no port"}: ${source}.`;
  return { ports, evidence };
}

async function readTables(container: Container, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await container.exec(["cat", ...SOCKET_TABLES], { check: false, signal });
    // Where IPv6 is off, half of the tables are missing, and cat says 1.
    return exitCode > 1 ? undefined : stdout;
  } catch (error) {
    // There is no cat, or the container has ended meanwhile.
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** Whether the engine answers, and cannot start it: there is no such program, or no such user. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && "status" in error;
}
