import { nearestName } from "../nearest-name.ts";
import type { UnknownInstruction } from "../nodes.ts";
import { refuse } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

/** Makes the reader of names that are no instruction. */
export function unknownReader(names: Iterable<string>): InstructionReader {
  const known = [...names];
  return {
    form: "own",
    read(base, problems): UnknownInstruction {
      const { text } = base.name;
      const near = nearestName(text.toLowerCase(), known);
      const advice = near
        ? `Did you mean ${near.toUpperCase()}?`
        : "Write an instruction, or end the line above with the escape character if this continues it.";
      refuse(problems, base, "unknown-instruction", `unknown instruction: ${text}`, advice);
      return { ...base, keyword: "UNKNOWN" };
    },
  };
}
