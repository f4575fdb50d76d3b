/** What takes part in a comparison, and how it is run once. */
import { fileURLToPath } from "node:url";
import { nodeCommand, runProcess, type Usage } from "../harness.ts";
import { PeakMemory } from "../peak-memory.ts";

/** A client for Node, by its file in `clients/`, and one of its `jobs`. */
export interface Client {
  readonly name: string;
  readonly client: "docker-engine-sdk" | "dockerode" | "node-sdk" | "undici" | "none";
  readonly job: string;
}

/** Another program, as bash calls it. */
export interface Program {
  readonly name: string;
  readonly command: string;
  /** The same, but printing what tells that it is right. */
  readonly verify?: string;
}

export type Contender = Client | Program;

/** One run. Of a client, its loading does not count, unless the whole process is asked for. */
export interface Run {
  readonly ms: number;
  readonly cpuMs: number;
  /** The most memory held at once, by all its processes; undefined when unknown. */
  readonly rssMb: number | undefined;
  /** What a client says came of it, or what a program printed. */
  readonly answer: unknown;
}

const WORKER = fileURLToPath(new URL("worker.mjs", import.meta.url));

export interface HowToRun {
  /** What every client is given; `verify` tells it that this run is to be proven right, and is not measured. */
  readonly parameters: object;
  /** Counts all from the start of the process to its end. Default: only the job. */
  readonly wholeProcess?: boolean;
  /** Seconds; whoever needs longer is wrong. Default 30. */
  readonly limit?: number;
}

/** @throws when it crashes, or when a program fails. */
export function runOnce(contender: Contender, how: HowToRun, verify: boolean): Promise<Run> {
  return "command" in contender
    ? runProgram((verify ? contender.verify : undefined) ?? contender.command, how)
    : runClient(contender, how, verify);
}

async function runClient(
  { client, job }: Client,
  { parameters, wholeProcess = false, limit = LIMIT }: HowToRun,
  verify: boolean,
): Promise<Run> {
  const { status, output, errors, report, wallMs, cpuMs } = await runProcess([
    ...bounded(limit),
    ...nodeCommand([WORKER, client, job, JSON.stringify({ ...parameters, verify })]),
  ]);
  if (status === 137) throw new Error(`not done after ${limit} s`);
  const { crashed, rssMb } = JSON.parse(report || '{"crashed":true,"rssMb":0}') as Usage;
  if (crashed || output === "") throw new Error(errors.trim() || "it ended without an answer");
  const run = JSON.parse(output.trim().split("\n").at(-1) ?? "") as Omit<Run, "rssMb">; // see worker.mjs
  return { ...run, rssMb, ...(wholeProcess && { ms: wallMs, cpuMs }) };
}

async function runProgram(command: string, { limit = LIMIT }: HowToRun): Promise<Run> {
  const memory = new PeakMemory();
  const run = runProcess([...bounded(limit), "bash", "-o", "pipefail", "-c", command], (pid) =>
    memory.watch(pid),
  );
  const { status, wallMs, cpuMs, output, errors } = await run.finally(() => memory.stop());
  if (status !== 0) throw new Error(`it ended with ${status ?? "a signal"}: ${errors.trim()}`);
  return { ms: wallMs, cpuMs, rssMb: memory.stop(), answer: output.trim() };
}

const LIMIT = 30;

/** Whoever hangs is wrong. */
function bounded(seconds: number): readonly string[] {
  return ["timeout", "--signal=KILL", String(seconds)];
}
