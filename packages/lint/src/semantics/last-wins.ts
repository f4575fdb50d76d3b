/** Instructions of which the last of a stage is the only one that counts. */
import type { Instruction, InstructionOf } from "../syntax/nodes.ts";

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
  const found = instructions.filter(
    (one: Instruction): one is InstructionOf<Name> => one.keyword === keyword,
  );
  return found.slice(1).flatMap((by, index) => {
    const lost = found[index];
    return lost === undefined ? [] : [{ lost, by }];
  });
}
