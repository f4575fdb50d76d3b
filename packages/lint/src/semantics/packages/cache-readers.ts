import { programsOf, type ProgramCall } from "../../shell/commands.ts";
import type { Script } from "../../shell/nodes.ts";
import type { Instruction } from "../../syntax/nodes.ts";
import type { Model, Stage } from "../model.ts";
import { unwrapped } from "../stages/stage-chain.ts";

/** A file and its scripts. */
export interface ScriptedFile {
  readonly model: Model;
  script(instruction: Instruction): Script | undefined;
}

/**
 * Makes the question whether a program of some kind is started below a place, in the same stage or in one that is built
 * on it: what reads a cache again would miss it if it were deleted. Each file is read once.
 */
export function startedBelow(
  isOfKind: (call: ProgramCall) => boolean,
): (offset: number, stage: Stage | undefined, file: ScriptedFile) => boolean {
  const known = new WeakMap<Model, ReadonlyMap<Stage, number>>();
  return (offset, stage, file) => {
    let last = known.get(file.model);
    if (last === undefined) known.set(file.model, (last = lastStarts(isOfKind, file)));
    return stage !== undefined && offset < (last.get(stage) ?? -1);
  };
}

/** For each stage where the last of them is started; past the end where that is in another stage. */
function lastStarts(
  isOfKind: (call: ProgramCall) => boolean,
  file: ScriptedFile,
): ReadonlyMap<Stage, number> {
  const last = new Map<Stage, number>();
  // A stage stands below those it is built on.
  for (const stage of file.model.stages.toReversed()) {
    for (const instruction of unwrapped(stage)) {
      const code = instruction.keyword === "RUN" ? file.script(instruction) : undefined;
      const found = code && programsOf(code).findLast(isOfKind);
      if (found !== undefined) last.set(stage, Math.max(found.command.span.start, last.get(stage) ?? -1));
    }
    const base = stage.base.stage;
    if (base !== undefined && last.has(stage)) last.set(base, Infinity);
  }
  return last;
}
