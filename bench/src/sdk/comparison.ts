/** Compares contenders in rounds, and says which targets are met. */
import { median } from "../harness.ts";
import type { Verdict } from "../scenario.ts";
import { table } from "../table.ts";
import { runOnce, type Contender, type HowToRun, type Run } from "./contender.ts";
import { faultOf, type Expected } from "./expected.ts";

export interface Comparison extends HowToRun {
  /** The first of them is the floor that the others are measured by. */
  readonly contenders: readonly Contender[];
  readonly rounds: number;
  readonly expected: Expected;
  /** Before each run. */
  readonly prepare?: (contender: Contender, verify: boolean) => Promise<void>;
  /** What is done, to give a rate: `{ amount: 256, unit: "MB" }`. */
  readonly work?: { readonly amount: number; readonly unit: string };
  readonly targets: readonly Target[];
}

/** At most so many times what another needs, or at most so many MB. */
export type Target = {
  readonly of: string;
  /** Why it is missed, where that is known. */
  readonly unmet?: string;
} & (
  | { readonly measure: "clock" | "CPU"; readonly atMost: number; readonly times: string }
  | { readonly measure: "MB"; readonly atMost: number }
);

export interface Compared {
  /** Markdown. */
  readonly table: string;
  readonly verdicts: readonly Verdict[];
}

interface Result {
  readonly runs: Run[];
  fault: string | undefined;
  /** It takes part no more. */
  over: boolean;
}

/** Whoever needs longer, in milliseconds, runs once. */
const LONG = 6000;

/** One round that proves that all are right, and the rounds that are measured, everybody in turn. */
export async function compare(comparison: Comparison): Promise<Compared> {
  const { contenders, rounds: usual } = comparison;
  const rounds = Number(process.env["BENCH_ROUNDS"] ?? usual);
  const results = new Map<Contender, Result>(
    contenders.map((contender) => [contender, { runs: [], fault: undefined, over: false }]),
  );
  for (let round = 0; round <= rounds; round += 1) {
    for (const [contender, result] of results) {
      if (!result.over) await takeTurn(comparison, contender, result, round === 0);
    }
  }
  const figures = new Map([...results].map(([contender, result]) => [contender.name, figuresOf(result)]));
  return {
    table: toTable(comparison, results, figures),
    verdicts: comparison.targets.map((target) => judge(target, figures)),
  };
}

async function takeTurn(
  comparison: Comparison,
  contender: Contender,
  result: Result,
  verify: boolean,
): Promise<void> {
  await comparison.prepare?.(contender, verify);
  try {
    const run = await runOnce(contender, comparison, verify);
    result.fault ??= await faultOf(run, contender, comparison.expected, verify);
    if (!verify) result.runs.push(run);
    result.over = !verify && run.ms > LONG;
  } catch (error) {
    result.over = true;
    result.fault = firstLine(error);
  }
}

/** What an error says, short enough for a table. */
export function firstLine(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split("\n");
  const telling = lines.find((line) => /\w*Error\b/.test(line)) ?? lines[0] ?? "";
  const named = telling.trim().replaceAll(/(?:\/[^\s/'"]+)+\//g, ""); // no folders of this machine
  return named.replaceAll("|", "\\|").slice(0, 100);
}

interface Figures {
  readonly ms: number;
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly right: boolean;
}

function figuresOf({ runs, fault }: Result): Figures {
  return {
    ms: median(runs.map(({ ms }) => ms)),
    cpuMs: median(runs.map(({ cpuMs }) => cpuMs)),
    rssMb: median(runs.map(({ rssMb = Number.NaN }) => rssMb)),
    right: fault === undefined,
  };
}

function toTable(
  { work, contenders }: Comparison,
  results: ReadonlyMap<Contender, Result>,
  figures: ReadonlyMap<string, Figures>,
): string {
  const floor = figures.get(contenders[0]?.name ?? "");
  const rows = [...results].map(([{ name }, { fault }]) => {
    const { ms, cpuMs, rssMb } = figures.get(name) ?? figuresOf({ runs: [], fault, over: true });
    return [
      name,
      milliseconds(ms),
      ratio(ms / (floor?.ms ?? Number.NaN)),
      ...(work === undefined ? [] : [rate(work, ms)]),
      milliseconds(cpuMs),
      ratio(cpuMs / (floor?.cpuMs ?? Number.NaN)),
      Number.isNaN(rssMb) ? "–" : `${Math.round(rssMb)} MB`,
      fault === undefined ? "yes" : `no: ${fault}`,
    ];
  });
  const rates = work === undefined ? [] : [`${work.unit}/s`];
  return table(["", "clock", "to the first", ...rates, "CPU", "to the first", "peak RSS", "right"], rows);
}

function judge(target: Target, figures: ReadonlyMap<string, Figures>): Verdict {
  const own = figures.get(target.of);
  const value = (of: Figures | undefined): number =>
    (target.measure === "MB" ? of?.rssMb : target.measure === "CPU" ? of?.cpuMs : of?.ms) ?? Number.NaN;
  const reached = target.measure === "MB" ? value(own) : value(own) / value(figures.get(target.times));
  const met = own?.right === true && reached <= target.atMost;
  const word = met ? "met" : ["missed", target.unmet].filter(Boolean).join(": ");
  return target.measure === "MB"
    ? { met, text: `${target.of}: at most ${target.atMost} MB – ${Math.round(reached)} MB, ${word}` }
    : {
        met,
        text: `${target.of}: ${target.measure} at most ${Number(target.atMost.toFixed(2))} × ${target.times} – ${reached.toFixed(2)} ×, ${word}`,
      };
}

function milliseconds(ms: number): string {
  if (Number.isNaN(ms)) return "–";
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

function ratio(times: number): string {
  return Number.isNaN(times) ? "–" : `${times.toFixed(2)} ×`;
}

function rate({ amount }: { readonly amount: number }, ms: number): string {
  return Number.isNaN(ms) ? "–" : String(Math.round((amount / ms) * 1000));
}
