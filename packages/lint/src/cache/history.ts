/** What the commits of the past would have run again, now and with the steps in the cheapest order that is legal. */
import type { AnalyseOptions, Stage } from "../semantics/model.ts";
import type { CheaperOrder, HistoryFacts, OrderedInstruction } from "../linter/facts/history-facts.ts";
import { analyse } from "../semantics/analyse.ts";
import { isVolatileName } from "../semantics/variables/volatile-names.ts";
import type { Dockerfile, Instruction } from "../syntax/nodes.ts";
import { bestOrder, costOf, movedIn, type OrderedStep } from "./best-order.ts";
import type { ContextFiles } from "./context-files.ts";
import { forecast } from "./forecast.ts";
import { staysAbove } from "./order-constraints.ts";
import { estimatedSeconds } from "./step-seconds.ts";

/** What is weighed. */
export interface HistoryInput {
  readonly dockerfile: Dockerfile;
  readonly options: AnalyseOptions;
  readonly context: ContextFiles;
  /** The paths that each commit changed, relative to the context. */
  readonly commits: readonly (readonly string[])[];
  /** Seconds of the steps that were measured; others are estimated. */
  readonly seconds?: ReadonlyMap<Instruction, number> | undefined;
}

/** What came of it. */
export interface HistoryReport {
  readonly commits: number;
  /** Of steps that run again, for each commit. */
  readonly seconds: number;
  readonly source: "measured" | "estimated";
  /** What changes most often, as shares of the commits. At most twenty. */
  readonly files: readonly { readonly path: string; readonly share: number }[];
  /** The stages that another order makes cheaper. */
  readonly stages: readonly CheaperOrder[];
}

/** Less than this is not worth a change of the file: seconds for each commit, and the share of what it was. */
const LEAST_GAIN = 0.05;
const LEAST_SHARE = 0.05;
/** A commit of more paths touches everything anyway. */
const MOST_PATHS = 2000;

/** Weighs the commits. */
export function weighHistory(input: HistoryInput): HistoryReport {
  const { dockerfile, options, commits, context, seconds } = input;
  const model = analyse(dockerfile, options);
  const changes = changesBySteps(input);
  const ofStage = (stage: Stage): OrderedStep[] =>
    stage.instructions.map((instruction, index) => ({
      seconds:
        seconds?.get(instruction) ?? (seconds === undefined ? estimatedSeconds(instruction, model) : 0),
      changes: changes.get(instruction.span.start) ?? 0n,
      needs: stage.instructions.flatMap((other, above) =>
        above < index && staysAbove(other, instruction, model, context) ? [above] : [],
      ),
    }));
  const count = Math.max(1, commits.length);
  const ends = new Map<Stage, bigint>();
  const stages: CheaperOrder[] = [];
  const source = seconds === undefined ? "estimated" : "measured";
  let total = 0;
  for (const stage of model.stages) {
    const below = (stage.base.stage && ends.get(stage.base.stage)) ?? 0n;
    const steps = ofStage(stage);
    ends.set(
      stage,
      steps.reduce((all, step) => all | step.changes, below),
    );
    if (!stage.reachable) continue;
    const before = costOf(steps, below) / count;
    total += before;
    const best = bestOrder(steps, below);
    if (best === undefined || before - best.cost / count < Math.max(LEAST_GAIN, before * LEAST_SHARE))
      continue;
    const moved = movedIn(best.order);
    stages.push({
      stage: stage.index,
      commits: commits.length,
      before,
      after: best.cost / count,
      source,
      order: best.order.flatMap((index): OrderedInstruction[] => {
        const instruction = stage.instructions[index];
        if (instruction === undefined) return [];
        const share = bitsOf(steps[index]?.changes ?? 0n) / count;
        return [{ instruction, moved: moved.has(index), share }];
      }),
    });
  }
  return {
    commits: commits.length,
    seconds: total,
    source,
    files: mostChanged(commits, context),
    stages,
  };
}

/** Files of more instructions are left alone: each commit goes through all of them. */
const MOST_INSTRUCTIONS = 500;

/** The commits as facts for the linter. */
export function historyFacts(input: Omit<HistoryInput, "dockerfile">): HistoryFacts {
  return {
    cheaperOrders: (dockerfile) =>
      dockerfile.instructions.length > MOST_INSTRUCTIONS || input.commits.length === 0
        ? []
        : weighHistory({ ...input, dockerfile }).stages,
  };
}

/** By where an instruction begins: a bit for each commit that changes what it is made from. */
function changesBySteps({ dockerfile, options, context, commits }: HistoryInput): Map<number, bigint> {
  const args = dockerfile.instructions.flatMap((one) =>
    one.keyword === "ARG"
      ? one.declarations.flatMap(({ name }) => (isVolatileName(name.text) ? [name.text] : []))
      : [],
  );
  const changes = new Map<number, bigint>();
  for (const [index, paths] of commits.entries()) {
    const touched = paths.slice(0, MOST_PATHS);
    const { steps } = forecast({ dockerfile, options, context, change: { touched, args, base: false } });
    for (const { instruction, own } of steps) {
      if (own === "cached") continue;
      const at = instruction.span.start;
      changes.set(at, (changes.get(at) ?? 0n) | (1n << BigInt(index)));
    }
  }
  return changes;
}

function mostChanged(commits: HistoryInput["commits"], context: ContextFiles): HistoryReport["files"] {
  const counts = new Map<string, number>();
  for (const path of commits.flatMap((paths) => [...new Set(paths)]))
    counts.set(path, (counts.get(path) ?? 0) + 1);
  return [...counts]
    .filter(([path]) => !context.isIgnored(path, "buildkit"))
    .sort(([left, a], [right, b]) => b - a || (left < right ? -1 : 1))
    .slice(0, 20)
    .map(([path, count]) => ({ path, share: count / commits.length }));
}

function bitsOf(bits: bigint): number {
  return bits.toString(2).replaceAll("0", "").length;
}
