/** Where BuildKit's own check ends: a build error stops all checks that come later. */
import type { Model } from "../semantics/model.ts";
import { refusalsOf } from "../semantics/refusals/refusals.ts";
import type { Dockerfile, Instruction } from "../syntax/nodes.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { isBuildkitName } from "./presets.ts";

/**
 * What BuildKit does one after the other. `read` and `plan` go through the file line by line, `build` through the
 * commands of all stages.
 */
const STEPS = [
  "parse",
  "continuations",
  "read",
  "names",
  "casing",
  "defaults",
  "plan",
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
}

/** Takes out the findings of BuildKit's checks that it never comes to. The errors themselves stay. */
export function untilBuildkitStops(
  diagnostics: readonly Diagnostic[],
  dockerfile: Dockerfile,
  model: Model,
): Diagnostic[] {
  const stop = stopOf(dockerfile, model);
  if (stop === undefined) return [...diagnostics];
  return diagnostics.filter(({ aliases, span }) => {
    const check = aliases.find(isBuildkitName);
    if (check === undefined) return true;
    const line = dockerfile.source.lineAt(span.start);
    return !isAfter({ step: STEP_OF.get(check) ?? "build", line }, stop);
  });
}

function isAfter(moment: Moment, stop: Moment): boolean {
  const [step, end] = [STEPS.indexOf(moment.step), STEPS.indexOf(stop.step)];
  if (step !== end) return step > end;
  // Within an instruction the checks come before what stops it.
  const byLine = moment.step === "read" || moment.step === "plan" || moment.step === "build";
  return byLine && moment.line > stop.line;
}

/** The first error. */
function stopOf(dockerfile: Dockerfile, model: Model): Moment | undefined {
  const { problems, directives, source } = dockerfile;
  if (problems.some(({ phase }) => phase === "parser")) return { step: "parse", line: 0 };
  const check = directives.find(({ name }) => name === "check");
  if (check !== undefined && !isReadable(check.value)) return { step: "parse", line: 0 };
  const lines = problems.map(({ span }) => source.lineAt(span.start));
  if (lines.length > 0) return { step: "read", line: Math.min(...lines) };
  const refused = refusalsOf(model).map(({ instruction, span }): Moment => {
    const planned = instruction === undefined || instruction.keyword === "FROM";
    const line = instruction?.startLine ?? source.lineAt(span.start);
    return { step: planned ? "plan" : "build", line };
  });
  const empty = model.stages.flatMap(({ instructions }) =>
    instructions.filter((one) => endsUpEmpty(one, model)),
  );
  return firstOf([...refused, ...empty.map(({ startLine }): Moment => ({ step: "build", line: startLine }))]);
}

/** Whether an instruction is left without its argument, if nothing but the file defines variables: `EXPOSE $PORT`. */
function endsUpEmpty(instruction: Instruction, model: Model): boolean {
  if (instruction.keyword !== "EXPOSE" && instruction.keyword !== "STOPSIGNAL") return false;
  return (
    instruction.args.length > 0 &&
    instruction.args.every((word) => {
      const names = word.text.match(/\$(?:\w+|\{\w+\})/g) ?? [];
      return (
        names.join("") === word.text && model.expand(word, instruction).undefined.length === names.length
      );
    })
  );
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
