/**
 * Compares programs by what their processes use. CPU time rather than time on the clock, since other work on the machine
 * hardly changes it; rounds in which everyone has a turn, since what changes it then changes it for all.
 */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Readable } from "node:stream";
import { PeakMemory } from "./peak-memory.ts";

const USAGE = fileURLToPath(new URL("usage.cjs", import.meta.url));

/** A program to measure. Any status is well, since linters tell by it what they found. */
export type Contender = {
  readonly name: string;
} & (
  | {
      /** What `node` is called with. */
      readonly args: readonly string[];
    }
  | {
      /** Another program, with what it is called with. */
      readonly command: readonly string[];
    }
);

/** The medians of all rounds. */
export interface Measurement {
  /** Of the process and all its threads. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** The most memory that the process held at once. */
  readonly rssMb: number;
  /** What was printed: one for each round. */
  readonly outputs: readonly string[];
}

/**
 * Runs the contenders one after the other, round by round, each time in a new process, and gives what each used, by name.
 * Throws when one crashes, or when `answer` of its output (the whole of it by default) is not the same in every round.
 */
export async function measure(
  contenders: readonly Contender[],
  rounds: number,
  answer: (output: string) => string = (output) => output,
): Promise<ReadonlyMap<string, Measurement>> {
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) {
      const { name } = contender;
      const sample = await ("args" in contender ? run(contender.args) : runProgram(contender.command));
      const [first = sample] = samples.get(name) ?? [];
      if (answer(sample.output) !== answer(first.output))
        throw new Error(`${name} said something else this time`);
      samples.get(name)?.push(sample);
    }
  }
  return new Map([...samples].map(([name, all]) => [name, summary(all)]));
}

/** What `usage.cjs` tells. */
export interface Usage {
  readonly crashed: boolean;
  readonly rssMb: number;
}

interface Sample {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly rssMb: number;
  readonly output: string;
}

/** Node cannot tell what its children used, and a process cannot tell what it uses to end; bash can. */
const TIMED = '"$0" "$@"; status=$?; times >&4; exit "$status"';

async function run(args: readonly string[]): Promise<Sample> {
  const { status, cpuMs, wallMs, output, errors, report } = await runProcess(nodeCommand(args));
  const { crashed, rssMb } = JSON.parse(report || '{"crashed":true}') as Usage;
  if (crashed) throw new Error(`node ${args.join(" ")} ended with ${status ?? "a signal"}:\n${errors}`);
  return { cpuMs, wallMs, rssMb, output };
}

async function runProgram(command: readonly string[]): Promise<Sample> {
  const memory = new PeakMemory();
  const running = runProcess(command, (pid) => memory.watch(pid));
  const { status, cpuMs, wallMs, output, errors } = await running.finally(() => memory.stop());
  // 126 and above: bash could not start it, or a signal ended it.
  if (status === null || status > 125) {
    throw new Error(`${command[0]} ended with ${status ?? "a signal"}:\n${errors}`);
  }
  return { cpuMs, wallMs, rssMb: memory.stop() ?? Number.NaN, output };
}

/** A Node that writes its {@link Usage} as its report. */
export function nodeCommand(args: readonly string[]): readonly string[] {
  return [process.execPath, "--require", USAGE, ...args];
}

/** What became of a process. */
export interface ProcessRun {
  /** Null when a signal ended it. */
  readonly status: number | null;
  /** Of the process, all its threads and its children. */
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly output: string;
  readonly errors: string;
  /** What it wrote to descriptor 3. */
  readonly report: string;
}

/** Runs a command to its end. `started` gets the id of the bash that times it. */
export async function runProcess(
  command: readonly string[],
  started: (pid: number) => void = () => undefined,
): Promise<ProcessRun> {
  const start = performance.now();
  const child = spawn("bash", ["-c", TIMED, ...command], {
    // Whoever prints colours on a terminal, or on CI, is not to do so here.
    env: { ...process.env, LC_ALL: "C", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("exit", resolve);
  });
  if (child.pid !== undefined) started(child.pid);
  const pipes = child.stdio.slice(1) as Readable[]; // all of them, as said above
  const texts = Promise.all(pipes.map((pipe) => text(pipe)));
  const status = await ended;
  const wallMs = performance.now() - start;
  const [output = "", errors = "", report = "", times = ""] = await texts;
  return { status, cpuMs: cpuMsOf(times), wallMs, output, errors, report };
}

/** Of the children, whose times are on the second line: `0m1.250s 0m0.031s`, as user and in the kernel. */
function cpuMsOf(times: string): number {
  const [, children = ""] = times.split("\n");
  const parts = [...children.matchAll(/(?<minutes>\d+)m(?<seconds>[\d.]+)s/g)];
  return parts.reduce(
    (sum, { groups }) => sum + Number(groups?.["minutes"]) * 60_000 + Number(groups?.["seconds"]) * 1000,
    0,
  );
}

function summary(samples: readonly Sample[]): Measurement {
  return {
    cpuMs: median(samples.map((sample) => sample.cpuMs)),
    wallMs: median(samples.map((sample) => sample.wallMs)),
    rssMb: median(samples.map((sample) => sample.rssMb)),
    outputs: samples.map((sample) => sample.output),
  };
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return (at(Math.floor((sorted.length - 1) / 2)) + at(Math.floor(sorted.length / 2))) / 2;
}
