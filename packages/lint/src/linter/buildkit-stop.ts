/** Where BuildKit's own check ends: a build error stops all checks that come later. */
import { countBefore, lastBefore } from "../source/count-before.ts";
import { bareModel } from "../semantics/bare-model.ts";
import type { AnalyseOptions, Model } from "../semantics/model.ts";
import { refusalsOf } from "../semantics/refusals/refusals.ts";
import { stageCycles } from "../semantics/stages/stage-graph.ts";
import type { Span } from "../source/span.ts";
import { flagNamed, type Dockerfile, type FromInstruction, type Instruction } from "../syntax/nodes.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { isBuildkitName } from "./presets.ts";

/**
 * What BuildKit does one after the other. `read` goes through the file line by line, `arguments` through the ARGs before
 * the first FROM, `plan` through the FROMs, `links` through what stages take from each other, `build` through the
 * commands of all stages. What names no image is noticed in `base`.
 */
const STEPS = [
  "parse",
  "continuations",
  "read",
  "names",
  "casing",
  "arguments",
  "defaults",
  "plan",
  "links",
  "base",
  "build",
] as const;
type Step = (typeof STEPS)[number];

const STEP_OF: ReadonlyMap<string, Step> = new Map([
  ["NoEmptyContinuation", "continuations"],
  ["StageNameCasing", "read"],
  ["FromAsCasing", "read"],
  ["MaintainerDeprecated", "read"],
  ["InvalidDefinitionDescription", "read"],
  ["ReservedStageName", "names"],
  ["DuplicateStageName", "names"],
  ["ConsistentInstructionCasing", "casing"],
  ["InvalidDefaultArgInFrom", "defaults"],
  ["UndefinedArgInFrom", "plan"],
  ["RedundantTargetPlatform", "plan"],
  ["FromPlatformFlagConstDisallowed", "plan"],
  ["InvalidBaseImagePlatform", "base"],
]);

/** A point of the way through the file. */
interface Moment {
  readonly step: Step;
  readonly line: number;
  /** Whether it is about the platform of a FROM, which BuildKit looks at after the image. */
  readonly isPlatform?: boolean;
  /** The port of an EXPOSE, which BuildKit sorts. */
  readonly port?: string | undefined;
  /** How far into the instruction, whose words are expanded before most of its checks. Without it: when that is done. */
  readonly offset?: number | undefined;
}

const BY_LINE: ReadonlySet<Step> = new Set(["read", "plan", "links", "build"]);

/** Takes out the findings of BuildKit's checks that it never comes to. The errors themselves stay. */
export function untilBuildkitStops(
  diagnostics: readonly Diagnostic[],
  dockerfile: Dockerfile,
  model: Model,
  known: AnalyseOptions,
): Diagnostic[] {
  // To find the first error takes longer than most checks.
  if (!diagnostics.some(({ aliases }) => aliases.some(isBuildkitName))) return [...diagnostics];
  const stop = stopOf(dockerfile, model, known);
  if (stop === undefined) return [...diagnostics];
  return diagnostics.filter(({ aliases, span }) => {
    const check = aliases.find(isBuildkitName);
    if (check === undefined) return true;
    const step = STEP_OF.get(check) ?? "build";
    const place = check === "MultipleInstructionsDisallowed" ? replacing(span, dockerfile, model) : span;
    const moment = momentOf(step, dockerfile.source.lineAt(place.start), place, dockerfile);
    return !isAfter({ ...moment, offset: offsetOf(check, span, dockerfile) }, stop);
  });
}

/** The instruction that replaces another one: BuildKit notices there, and names the one that is lost. */
function replacing(span: Span, { instructions }: Dockerfile, model: Model): Span {
  const lost = nodeAt(instructions, span.start);
  const others = lost === undefined ? [] : (model.stageOf(lost)?.instructions ?? []);
  const first = countBefore(others, (one) => one.span.start <= span.start);
  return others.find((one, index) => index >= first && one.keyword === lost?.keyword)?.span ?? span;
}

/** Variables are looked at while words are expanded, and the names of ARGs before that. */
function offsetOf(check: string, { start }: Span, { instructions }: Dockerfile): number | undefined {
  if (check === "UndefinedVar") return start;
  const instruction = nodeAt(instructions, start);
  return check === "SecretsUsedInArgOrEnv" && instruction?.keyword === "ARG"
    ? instruction.span.start
    : undefined;
}

/** What is about a place in the file. */
function momentOf(step: Step, own: number, { start }: Span, { instructions }: Dockerfile): Moment {
  const instruction = nodeAt(instructions, start);
  const line = instruction?.startLine ?? own;
  switch (instruction?.keyword) {
    case "FROM":
      // Its flags stand before its image.
      return { step, line, isPlatform: step === "plan" && start < (instruction.image?.span.start ?? 0) };
    case "EXPOSE":
      return { step, line, port: nodeAt(instruction.ports, start)?.text };
    default:
      return { step, line };
  }
}

/** The one of some nodes, in order of place, that an offset lies in. */
function nodeAt<Node extends { readonly span: Span }>(
  nodes: readonly Node[],
  offset: number,
): Node | undefined {
  const last = lastBefore(nodes, ({ span }) => span.start <= offset);
  return last !== undefined && offset < last.span.end ? last : undefined;
}

function isAfter(moment: Moment, stop: Moment): boolean {
  const [step, end] = [STEPS.indexOf(moment.step), STEPS.indexOf(stop.step)];
  if (step !== end) return step > end;
  // Within an instruction the checks come before what stops it, unless that is a word that cannot be expanded.
  if (!BY_LINE.has(moment.step)) return false;
  if (moment.line !== stop.line) return moment.line > stop.line;
  const [at = Infinity, last = Infinity] = [moment.offset, stop.offset];
  if (at !== last) return at > last;
  if (moment.port !== undefined && stop.port !== undefined) return moment.port > stop.port;
  return moment.isPlatform === true && stop.isPlatform !== true && moment.step === "plan";
}

/** The first error. */
function stopOf(dockerfile: Dockerfile, model: Model, known: AnalyseOptions): Moment | undefined {
  const { problems, directives, source } = dockerfile;
  if (problems.some(({ phase }) => phase === "parser")) return { step: "parse", line: 0 };
  const check = directives.find(({ name }) => name === "check");
  if (check !== undefined && !isReadable(check.value)) return { step: "parse", line: 0 };
  const lines = problems.map(
    ({ span: { start } }) => nodeAt(dockerfile.instructions, start)?.startLine ?? source.lineAt(start),
  );
  if (lines.length > 0) return { step: "read", line: Math.min(...lines) };
  const bare = bareModel(model, known);
  const refused = refusalsOf(bare).map(({ code, instruction, span }): Moment => {
    const line = instruction?.startLine ?? source.lineAt(span.start);
    if (code === "invalid-reference") return { step: "base", line };
    if (code === "invalid-stage") return { step: "links", line };
    if (instruction !== undefined && model.stageOf(instruction) === undefined)
      return { step: "arguments", line };
    const planned = instruction === undefined || instruction.keyword === "FROM";
    const moment = momentOf(planned ? "plan" : "build", line, span, dockerfile);
    return code === "invalid-expansion" && !planned ? { ...moment, offset: span.end } : moment;
  });
  if (stageCycles(model.stages).length > 0) refused.push({ step: "links", line: Infinity });
  const blank = model.stages.flatMap(({ from, instructions }) => [
    ...blankOf(from, model),
    ...instructions
      .filter((one) => isEmptyVolume(one, bare))
      .map(({ startLine }): Moment => ({ step: "build", line: startLine })),
  ]);
  return firstOf([...refused, ...blank]);
}

/** What a FROM lacks, if no ARG is given a value. */
function blankOf(from: FromInstruction, model: Model): Moment[] {
  const words = [from.image, flagNamed(from, "platform")?.value];
  return words.flatMap((word, index): Moment[] =>
    word !== undefined && model.expand(word, from).whenUnset === ""
      ? [{ step: "plan", line: from.startLine, isPlatform: index > 0 }]
      : [],
  );
}

function isEmptyVolume(volume: Instruction, model: Model): boolean {
  return volume.keyword === "VOLUME" && volume.paths.some((path) => model.expand(path, volume).value === "");
}

function firstOf(moments: readonly Moment[]): Moment | undefined {
  let first: Moment | undefined;
  for (const moment of moments) if (first === undefined || isAfter(first, moment)) first = moment;
  return first;
}

/** Whether BuildKit can read the value of a `# check=` at the top; it takes it up to the first blank. */
function isReadable(value: string): boolean {
  const [text = ""] = value.split(/\s/, 1);
  if (text === "") return true;
  // What follows the second semicolon belongs to the third setting.
  return text.split(";", 3).every((part) => {
    const [key, ...rest] = part.split("=");
    if (rest.length === 0) return false;
    if (key === "error") return /^(?:1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/.test(rest.join("="));
    return key === "skip" || key === "experimental";
  });
}
