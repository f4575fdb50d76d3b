import type { WorkdirInstruction, Word } from "../nodes.ts";
import { InstructionNode } from "./instruction-node.ts";
import { checkFlags, needExactlyOne } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

class WorkdirNode extends InstructionNode implements WorkdirInstruction {
  readonly keyword = "WORKDIR";

  get path(): Word | undefined {
    return this.args[0];
  }
}

export const workdir: InstructionReader = {
  form: "text",
  read(source, problems): WorkdirInstruction {
    const node = new WorkdirNode(source);
    needExactlyOne(node, problems, "WORKDIR /path");
    checkFlags(node, problems);
    return node;
  },
};
