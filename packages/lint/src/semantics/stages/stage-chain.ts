import type { Instruction } from "../../syntax/nodes.ts";
import type { Stage } from "../model.ts";

/**
 * What is true at the end of a stage, where it follows from the stage it is based on and from its own instructions. Each
 * stage is worked out once, however many are based on it; `known` is kept by the caller, for one file.
 */
export function foldStages<Value>(
  stage: Stage,
  known: WeakMap<Stage, Value>,
  next: (stage: Stage, below: Value | undefined) => Value,
): Value {
  const open: Stage[] = [];
  let one: Stage | undefined = stage;
  while (one !== undefined && !known.has(one)) {
    open.push(one);
    one = one.base.stage;
  }
  let value = one && known.get(one);
  for (const above of open.toReversed()) {
    value = next(above, value);
    known.set(above, value);
  }
  return value ?? next(stage, undefined);
}

/** What a stage has, upon what the stage has that it is based on. */
interface Layer<Below> {
  readonly below: Below | undefined;
}

/** Longer chains are cut: engines stack fewer layers, and each stage would be compared with all below it. */
const MAX_LAYERS = 128;

/** A layer and those below it, the top first. */
export function layersFrom<Own extends Layer<Own>>(top: Own): Own[] {
  const layers: Own[] = [];
  for (let one: Own | undefined = top; one !== undefined && layers.length < MAX_LAYERS; one = one.below) {
    layers.push(one);
  }
  return layers;
}

/** The instructions of a stage, those that an ONBUILD holds in the place of the ONBUILD. */
export function unwrapped({ instructions }: Stage): readonly Instruction[] {
  if (!instructions.some(({ keyword }) => keyword === "ONBUILD")) return instructions;
  return instructions.flatMap((instruction): Instruction[] => {
    if (instruction.keyword !== "ONBUILD") return [instruction];
    return instruction.inner === undefined ? [] : [instruction.inner];
  });
}

/** The last of some instructions in a stage and those that it is based on: the one that counts for containers. */
export function lastInChain(
  stage: Stage | undefined,
  keyword: Instruction["keyword"],
): Instruction | undefined {
  for (let one = stage; one !== undefined; one = one.base.stage) {
    const own = one.instructions.findLast((instruction) => instruction.keyword === keyword);
    if (own !== undefined) return own;
  }
  return undefined;
}
