/** How long steps take, where nobody has measured: enough to tell an install from a copy. */
import { packageCallsOf, programsOf } from "../shell/commands.ts";
import { sourceKind } from "../semantics/paths/source-kind.ts";
import type { Model } from "../semantics/model.ts";
import type { Instruction } from "../syntax/nodes.ts";
import { codeOf } from "./free-run.ts";

/** Programs that end at once. */
const QUICK: ReadonlySet<string> = new Set(
  "true : set echo printf rm mkdir mv cp ln cat chmod chown touch test [ cd ls useradd groupadd adduser addgroup".split(
    " ",
  ),
);

/** An estimate in seconds. */
export function estimatedSeconds(instruction: Instruction, model: Model): number {
  if (instruction.keyword === "COPY") return 0.5;
  if (instruction.keyword === "ADD") {
    return instruction.sources.some(({ text }) => sourceKind(text) !== "local") ? 5 : 0.5;
  }
  if (instruction.keyword !== "RUN") return instruction.keyword === "WORKDIR" ? 0.1 : 0;
  const script = codeOf(instruction, model);
  if (script === undefined) return 10;
  if (packageCallsOf(script).length > 0) return 20;
  return programsOf(script).every(({ name }) => name !== undefined && QUICK.has(name)) ? 0.5 : 10;
}
