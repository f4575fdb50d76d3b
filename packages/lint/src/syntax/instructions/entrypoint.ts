import type { EntrypointInstruction } from "../nodes.ts";
import { InstructionNode } from "./instruction-node.ts";
import { checkFlags } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

class EntrypointNode extends InstructionNode implements EntrypointInstruction {
  readonly keyword = "ENTRYPOINT";
}

export const entrypoint: InstructionReader = {
  form: "command",
  read(source, problems): EntrypointInstruction {
    const node = new EntrypointNode(source);
    checkFlags(node, problems);
    return node;
  },
};
