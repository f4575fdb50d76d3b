/** Where the instructions of a file stand. */
import type { Instruction } from "../../syntax/nodes.ts";

const NONE = -1;

/**
 * Places by number. They are found by the lines that instructions begin in, which are different ones, since a map of all
 * instructions takes as long to fill as a good part of reading them.
 */
export class Places {
  readonly #instructions: readonly Instruction[];
  /** By line: the number of the instruction that begins there, from 1. */
  readonly #numbers: Int32Array;
  readonly #stages: Int32Array;
  readonly #positions: Int32Array;

  constructor(instructions: readonly Instruction[]) {
    const numbers = new Int32Array((instructions.at(-1)?.startLine ?? 0) + 1);
    const stages = new Int32Array(instructions.length);
    const positions = new Int32Array(instructions.length);
    let stage = NONE;
    let first = 0;
    let index = 0;
    for (const { keyword, startLine } of instructions) {
      if (keyword === "FROM") {
        stage += 1;
        first = index + 1;
      }
      stages[index] = stage;
      positions[index] = index - first;
      index += 1;
      numbers[startLine] = index;
    }
    this.#instructions = instructions;
    this.#numbers = numbers;
    this.#stages = stages;
    this.#positions = positions;
  }

  /** The number of the stage that an instruction stands in; undefined before all stages and for those of another file. */
  stageOf(instruction: Instruction): number | undefined {
    const stage = this.#stages[this.#indexOf(instruction)];
    return stage === NONE ? undefined : stage;
  }

  /** The position in its stage: -1 for the FROM, the number in the file before all stages, infinite in another file. */
  positionOf(instruction: Instruction): number {
    return this.#positions[this.#indexOf(instruction)] ?? Number.POSITIVE_INFINITY;
  }

  #indexOf(instruction: Instruction): number {
    // What stands in an ONBUILD has the place of the ONBUILD.
    let outer: Instruction = instruction;
    while (outer.onbuild) outer = outer.onbuild;
    const index = (this.#numbers[outer.startLine] ?? 0) - 1;
    return this.#instructions[index] === outer ? index : this.#instructions.length;
  }
}
