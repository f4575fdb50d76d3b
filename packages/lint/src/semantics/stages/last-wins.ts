/** Instructions of which the last of a stage is the only one that counts. */
import type { Instruction, InstructionOf } from "../../syntax/nodes.ts";

/** Of what only the last counts. */
export type LastWins = "CMD" | "ENTRYPOINT" | "HEALTHCHECK";

/** An instruction that is lost, and the next of its kind. */
export interface Replaced<Name extends LastWins> {
  readonly lost: InstructionOf<Name>;
  readonly by: InstructionOf<Name>;
}

/** The instructions of a kind that a later one of the same stage replaces. Those in ONBUILD are another stage's. */
export function replacedIn<Name extends LastWins>(
  instructions: readonly Instruction[],
  keyword: Name,
): Replaced<Name>[] {
  const replaced: Replaced<Name>[] = [];
  let lost: InstructionOf<Name> | undefined;
  for (const one of instructions) {
    if (one.keyword !== keyword) continue;
    const by = one as InstructionOf<Name>; // its keyword says so, which a type parameter hides from the compiler
    if (lost !== undefined) replaced.push({ lost, by });
    lost = by;
  }
  return replaced;
}
