/** The stages that people run, and where in one a line can go that concerns only what runs. */
import type { Edit } from "../../source/edit.ts";
import { insertAbove, insertBelow } from "../../syntax/line-edits.ts";
import type { Dockerfile, Keyword } from "../../syntax/nodes.ts";
import type { Model, Stage } from "../model.ts";

const START: ReadonlySet<Keyword> = new Set(["CMD", "ENTRYPOINT"]);
const BUILD: ReadonlySet<Keyword> = new Set(["RUN", "COPY", "ADD", "WORKDIR"]);

/** Whether the stage is run as an image: the target, or one that the project calls public. */
export function isFinalStage(stage: Stage, model: Model, publicNames: readonly string[]): boolean {
  return stage === model.target || (stage.name !== undefined && publicNames.includes(stage.name));
}

/**
 * Puts a line above CMD or ENTRYPOINT, or at the stage's end if something is still built below them; undefined where the
 * last instruction would take it in.
 */
export function insertBeforeStart(stage: Stage, text: string, dockerfile: Dockerfile): Edit | undefined {
  const { instructions } = stage;
  const build = instructions.findLastIndex(({ keyword }) => BUILD.has(keyword));
  const start = instructions.findIndex(({ keyword }) => START.has(keyword));
  const first = start > build ? instructions[start] : undefined;
  if (first !== undefined) return insertAbove(dockerfile.source, first, text);
  return insertBelow(dockerfile, instructions.at(-1) ?? stage.from, text);
}
