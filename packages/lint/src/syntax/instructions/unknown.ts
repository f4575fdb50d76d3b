import { nearestName } from "../nearest-name.ts";
import type { UnknownInstruction } from "../nodes.ts";
import { InstructionNode } from "./instruction-node.ts";
import { refuse } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

class UnknownNode extends InstructionNode implements UnknownInstruction {
  readonly keyword = "UNKNOWN";
}

/** Makes the reader of names that are no instruction. */
export function unknownReader(names: Iterable<string>): InstructionReader {
  const known = [...names];
  return {
    form: "own",
    read(source, problems): UnknownInstruction {
      const node = new UnknownNode(source);
      const { text } = node.name;
      const near = nearestName(text.toLowerCase(), known);
      const advice = near
        ? `Did you mean ${near.toUpperCase()}?`
        : "Write an instruction, or end the line above with the escape character if this continues it.";
      refuse(problems, node, "unknown-instruction", `unknown instruction: ${text}`, advice);
      return node;
    },
  };
}
