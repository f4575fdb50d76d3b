import type { Instruction } from "../syntax/nodes.ts";
import type { Stage } from "./model.ts";

/** The instructions that make a stage's image, those of the stages it is based on first. */
export function instructionChain(stage: Stage): Instruction[] {
  const chain: Stage[] = [];
  for (let one: Stage | undefined = stage; one !== undefined; one = one.base.stage) chain.unshift(one);
  return chain.flatMap(({ instructions }) => instructions);
}
