/** Joins the steps that a builder tells of with the instructions of the Dockerfile. */
import type { Model, Stage } from "../../semantics/model.ts";
import type { Instruction } from "../../syntax/nodes.ts";
import type { TracedStep } from "../build-trace.ts";

/** Which of the engine's builders made an image. */
export type Builder = "buildkit" | "classic";

/** Steps by what they are of. */
export interface JoinedSteps {
  readonly byInstruction: ReadonlyMap<Instruction, TracedStep>;
  /** Those of ONBUILD triggers, by the stage that ran them; the classic builder makes none of its own for them. */
  readonly triggers: ReadonlyMap<Stage, readonly TracedStep[]>;
  /** How many triggers came before a stage's own steps, as far as their numbers tell. */
  readonly triggerCounts: ReadonlyMap<Stage, number>;
}

/** BuildKit names steps by digests, the classic builder by numbers. */
export function builderOf(steps: readonly TracedStep[]): Builder {
  return steps.some(({ id }) => /^[a-z0-9]+:/.test(id)) ? "buildkit" : "classic";
}

/** Joins steps and instructions. What fits nowhere is left out rather than guessed. */
export function joinSteps(model: Model, steps: readonly TracedStep[]): JoinedSteps {
  return builderOf(steps) === "classic" ? joinClassic(model, steps) : joinBuildkit(model, steps);
}

/** The classic builder counts every instruction, in order, also those before the first FROM. */
function joinClassic(model: Model, steps: readonly TracedStep[]): JoinedSteps {
  const byInstruction = new Map<Instruction, TracedStep>();
  for (const step of steps) {
    const instruction = model.dockerfile.instructions[(step.number ?? 0) - 1];
    if (instruction !== undefined && keywordOf(step.name) === instruction.keyword) {
      byInstruction.set(instruction, step);
    }
  }
  return { byInstruction, triggers: new Map(), triggerCounts: new Map() };
}

/** BuildKit counts what runs, stage by stage, and tells of a step that two stages share but once. */
function joinBuildkit(model: Model, steps: readonly TracedStep[]): JoinedSteps {
  const byInstruction = new Map<Instruction, TracedStep>();
  const triggers = new Map<Stage, readonly TracedStep[]>();
  const triggerCounts = new Map<Stage, number>();
  for (const stage of model.stages) {
    const name = stage.name ?? `stage-${stage.index}`;
    const own = steps.filter((step) => step.number !== undefined && stageNameOf(step, model) === name);
    const counted = countedInstructions(stage, model);
    const found = alignment(own, counted, countedTriggers(stage));
    if (found === undefined) continue;
    const ofTriggers: TracedStep[] = [];
    for (const step of own) {
      const instruction = at(counted, step, found);
      if (instruction !== undefined) byInstruction.set(instruction, step);
      else ofTriggers.push(step);
    }
    if (ofTriggers.length > 0) triggers.set(stage, ofTriggers);
    if (found.triggers > 0) triggerCounts.set(stage, found.triggers);
  }
  shareSteps(model, byInstruction);
  return { byInstruction, triggers, triggerCounts };
}

/** `linux/amd64->arm64 build` is the stage `build` on another platform; a file of one stage has no name for it. */
function stageNameOf({ stage }: TracedStep, model: Model): string | undefined {
  const name = stage?.split(" ").findLast((part) => !part.includes("/"));
  const only = model.stages.length === 1 ? model.stages[0] : undefined;
  return only === undefined ? name : (only.name ?? "stage-0");
}

/** What BuildKit gives a number in a stage: a FROM of an image, and what changes files. */
function countedInstructions(stage: Stage, model: Model): Instruction[] {
  const from = stage.base.stage === undefined && !stage.base.scratch ? [stage.from] : [];
  const others = stage.instructions.filter((instruction, index) => {
    if (instruction.keyword !== "WORKDIR") return changesFiles(instruction.keyword);
    const next = stage.instructions[index + 1];
    const after = next === undefined ? stage.end : model.state(next);
    return after.workdir?.value !== "/"; // the root is always there
  });
  return [...from, ...others];
}

/** How many triggers of another stage of this file get a number here; undefined where the base is an image. */
function countedTriggers({ base }: Stage): number | undefined {
  if (base.stage === undefined) return undefined;
  return triggersOf(base.stage).filter(
    ({ keyword, rest }) => changesFiles(keyword) && !(keyword === "WORKDIR" && rest.text === "/"),
  ).length;
}

/** What a stage leaves to be run by those that are based on it. */
export function triggersOf({ instructions }: Stage): Instruction[] {
  return instructions.flatMap((instruction) =>
    instruction.keyword === "ONBUILD" && instruction.inner !== undefined ? [instruction.inner] : [],
  );
}

function changesFiles(keyword: string): boolean {
  return ["RUN", "COPY", "ADD", "WORKDIR"].includes(keyword);
}

/** How many numbers the triggers of what a stage is based on take, and whether they come after a FROM. */
interface Alignment {
  readonly triggers: number;
  readonly hasFrom: boolean;
}

/** The triggers of an image, which nothing here tells, are as few as make the names fit. */
function alignment(
  steps: readonly TracedStep[],
  counted: readonly Instruction[],
  known: number | undefined,
): Alignment | undefined {
  const last = Math.max(0, ...steps.map(({ number = 0 }) => number));
  const hasFrom = counted[0]?.keyword === "FROM";
  let best: { readonly found: Alignment; readonly score: number } | undefined;
  for (let triggers = known ?? 0; triggers <= (known ?? (hasFrom ? last : 0)); triggers += 1) {
    const found = { triggers, hasFrom };
    const score = scoreOf(steps, counted, found);
    if (score !== undefined && score > (best?.score ?? -1)) best = { found, score };
  }
  return best?.found;
}

/** How many names are the very text of their instruction; undefined where a keyword does not fit. */
function scoreOf(
  steps: readonly TracedStep[],
  counted: readonly Instruction[],
  found: Alignment,
): number | undefined {
  let score = 0;
  for (const step of steps) {
    const instruction = at(counted, step, found);
    if (instruction === undefined) {
      if (!isTrigger(step, found)) return undefined;
    } else {
      if (keywordOf(step.name) !== instruction.keyword) return undefined;
      score += isTextOf(step.name, instruction) ? 1 : 0;
    }
  }
  return score;
}

function isTrigger({ number = 0 }: TracedStep, { triggers, hasFrom }: Alignment): boolean {
  const first = hasFrom ? 2 : 1;
  return number >= first && number < first + triggers;
}

function at(counted: readonly Instruction[], step: TracedStep, found: Alignment): Instruction | undefined {
  const { number = 0 } = step;
  if (found.hasFrom && number === 1) return counted[0];
  return isTrigger(step, found) ? undefined : counted[number - 1 - found.triggers];
}

/** Names have variables put in, and of a heredoc only the beginning. */
function isTextOf(name: string, instruction: Instruction): boolean {
  const text = withoutBlanks(instruction.logical.text);
  return text.startsWith(withoutBlanks(name.replace(/ \(.*\.\.\.\)$/s, ""))) || withoutBlanks(name) === text;
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, "").toLowerCase();
}

/** The instruction's name at the start of a text; what a trigger of the base image runs counts as ONBUILD. */
function keywordOf(name: string): string {
  return (/^[a-z]+/i.exec(name)?.[0] ?? "").toUpperCase();
}

/** Stages that begin alike share their steps: BuildKit runs them once, and names one of the stages. */
function shareSteps(model: Model, byInstruction: Map<Instruction, TracedStep>): void {
  const numbers = new Map<string, number>();
  const ends = new Map<Stage, number>();
  const stepsAt = new Map<number, TracedStep>();
  const missing: (readonly [Instruction, number])[] = [];
  /** One number for all that is reached from the same place by the same text. */
  const reach = (from: number | undefined, text: string): number => {
    const key = `${from ?? ""}\n${text}`;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  };
  for (const stage of model.stages) {
    const { base, platform = "" } = stage;
    const below = base.stage === undefined ? undefined : ends.get(base.stage);
    let place = below ?? reach(undefined, `${imageOf(stage)} ${platform}`);
    for (const instruction of [stage.from, ...stage.instructions]) {
      if (instruction !== stage.from) place = reach(place, model.dockerfile.source.slice(instruction.span));
      else if (base.stage !== undefined) continue;
      const step = byInstruction.get(instruction);
      if (step === undefined) missing.push([instruction, place]);
      else if (!stepsAt.has(place)) stepsAt.set(place, step);
    }
    ends.set(stage, place);
  }
  for (const [instruction, place] of missing) {
    const step = stepsAt.get(place);
    if (step !== undefined) byInstruction.set(instruction, step);
  }
}

/** What two stages have in common that begin with the same image; what is not known is nothing in common. */
function imageOf({ base: { reference, name }, index }: Stage): string {
  if (reference === undefined) return name ?? `?${index}`;
  const { registry, repository, tag = "latest", digest } = reference;
  return `${registry}/${repository}${digest === undefined ? `:${tag}` : `@${digest}`}`;
}
