/** What the ONBUILDs of a stage do to the stage that is built on it, where both are in one file. */
import { expandWord, UNKNOWN } from "../../syntax/expansion.ts";
import type { Instruction } from "../../syntax/nodes.ts";
import { expandedWords } from "../variables/expanded-words.ts";
import type { Stage } from "../model.ts";

const NONE: readonly Instruction[] = [];
// Very many stages may be based on one.
const held = new WeakMap<Stage, readonly Instruction[]>();

/** The instructions that a stage runs first, since the stage that it is based on holds them in ONBUILD. */
export function triggersOf(stage: Stage): readonly Instruction[] {
  const base = stage.base.stage;
  return base === undefined ? NONE : triggersIn(base);
}

/** The instructions that stages based on this one run first. */
export function triggersIn(base: Stage): readonly Instruction[] {
  let triggers = held.get(base);
  if (triggers === undefined) {
    triggers = base.instructions.flatMap((one) =>
      one.keyword === "ONBUILD" && one.inner !== undefined ? [one.inner] : [],
    );
    held.set(base, triggers);
  }
  return triggers;
}

/** The triggers that BuildKit's own check reads: those of stages that the build needs. It reports them at the FROM. */
export function checkedTriggers(stage: Stage | undefined): readonly Instruction[] {
  return stage?.reachable === true ? triggersOf(stage) : NONE;
}

/** A variable that a trigger uses and nothing in the file defines. */
export interface TriggerUse {
  readonly name: string;
  readonly guarded: boolean;
  readonly instruction: Instruction;
}

/** The undefined variables of the triggers of a stage, each once for each word. */
export function triggerUses(stage: Stage, escape: string): TriggerUse[] {
  const state = stage.base.stage?.end;
  const defined = new Set<string>();
  const found: TriggerUse[] = [];
  for (const instruction of triggersOf(stage)) {
    for (const word of expandedWords(instruction)) {
      const lookup = (name: string): typeof UNKNOWN | undefined =>
        defined.has(name) || state?.variable(name) !== undefined ? UNKNOWN : undefined;
      const names = new Set<string>();
      for (const { name, set, guarded } of expandWord(word.text, lookup, escape).uses) {
        if (set || names.has(name)) continue;
        names.add(name);
        found.push({ name, guarded, instruction });
      }
    }
    for (const name of definedBy(instruction)) defined.add(name);
  }
  return found;
}

function definedBy(instruction: Instruction): string[] {
  if (instruction.keyword === "ENV") return instruction.pairs.map(({ key }) => key.text);
  if (instruction.keyword === "ARG") return instruction.declarations.map(({ name }) => name.text);
  return [];
}
