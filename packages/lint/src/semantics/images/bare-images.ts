/** Images without a system: what a stage on one of them has, it has copied. */
import type { CopyLikeInstruction, Instruction } from "../../syntax/nodes.ts";
import type { Model, Stage } from "../model.ts";
import { absolutePath } from "../paths/absolute-path.ts";

/** Whether the image under a stage has no shell: scratch, and distroless without `debug`. */
export function hasNoShell({ image }: Stage): boolean {
  if (image.scratch) return true;
  return image.family === "distroless" && !/debug/.test(image.reference?.tag ?? "");
}

/** A stage that is longer than any person writes is not searched. */
const LIMIT = 500;

/** Whether what is copied before an instruction, in its stage or below, may put something at a path. */
export function mayBring(path: string, before: Instruction, model: Model): boolean {
  const own = model.stageOf(before);
  let searched = 0;
  for (let stage = own; stage !== undefined; stage = stage.base.stage) {
    for (const instruction of stage.instructions) {
      if (stage === own && instruction.span.start >= before.span.start) break;
      searched += 1;
      if (searched > LIMIT) return true;
      if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") continue;
      if (mayWrite(instruction, path, model)) return true;
    }
  }
  return false;
}

function mayWrite(copy: CopyLikeInstruction & Instruction, path: string, model: Model): boolean {
  const target = copy.destination && model.expand(copy.destination, copy).value;
  if (target === undefined) return true;
  const folder = absolutePath(target, copy, model).replace(/\/$/, "");
  return path === folder || path.startsWith(`${folder}/`) || folder.startsWith("/(");
}
