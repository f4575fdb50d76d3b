import type { CmdInstruction } from "../nodes.ts";
import { InstructionNode } from "./instruction-node.ts";
import { checkFlags } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

class CmdNode extends InstructionNode implements CmdInstruction {
  readonly keyword = "CMD";
}

export const cmd: InstructionReader = {
  form: "command",
  read(source, problems): CmdInstruction {
    const node = new CmdNode(source);
    checkFlags(node, problems);
    return node;
  },
};
