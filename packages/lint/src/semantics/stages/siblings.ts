/** What stands before and after an instruction in its stage. */
import type { Instruction } from "../../syntax/nodes.ts";
import type { Model } from "../model.ts";

/** The instructions around one: those of its stage, or what stands before the first FROM. */
export function siblings(instruction: Instruction, model: Model): readonly Instruction[] {
  return model.stageOf(instruction)?.instructions ?? model.preamble;
}

/** The instruction before, if it is no FROM. For what an ONBUILD holds: what the ONBUILD before holds. */
export function instructionBefore(instruction: Instruction, model: Model): Instruction | undefined {
  const place = model.positionOf(instruction);
  return place <= 0 ? undefined : sameKind(instruction, siblings(instruction, model)[place - 1]);
}

/** The instruction after, if it is no FROM. For what an ONBUILD holds: what the ONBUILD after holds. */
export function instructionAfter(instruction: Instruction, model: Model): Instruction | undefined {
  return sameKind(instruction, siblings(instruction, model)[model.positionOf(instruction) + 1]);
}

/** Whether a RUN stands between two instructions; also true where they stand in different stages. */
export function runsBetween(first: Instruction, last: Instruction, model: Model): boolean {
  if (model.stageOf(first) !== model.stageOf(last)) return true;
  const before = runsBefore(siblings(last, model));
  const [from, to] = [model.positionOf(first) + 1, model.positionOf(last)];
  return (before[to] ?? 0) > (before[from] ?? 0);
}

const counts = new WeakMap<readonly Instruction[], readonly number[]>();

/** How many RUNs stand before each place of a list. */
function runsBefore(list: readonly Instruction[]): readonly number[] {
  const known = counts.get(list);
  if (known !== undefined) return known;
  let count = 0;
  const found = list.map(({ keyword }) => (keyword === "RUN" ? count++ : count));
  counts.set(list, found);
  return found;
}

function sameKind(instruction: Instruction, other: Instruction | undefined): Instruction | undefined {
  if (instruction.onbuild === undefined) return other;
  return other?.keyword === "ONBUILD" ? other.inner : undefined;
}
