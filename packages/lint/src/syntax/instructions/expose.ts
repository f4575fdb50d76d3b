import type { ExposeInstruction, Word } from "../nodes.ts";
import { InstructionNode } from "./instruction-node.ts";
import { checkFlags, needOne } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

class ExposeNode extends InstructionNode implements ExposeInstruction {
  readonly keyword = "EXPOSE";

  get ports(): readonly Word[] {
    return this.args;
  }
}

export const expose: InstructionReader = {
  form: "blanks",
  read(source, problems): ExposeInstruction {
    const node = new ExposeNode(source);
    needOne(node, problems, "EXPOSE 8080");
    checkFlags(node, problems);
    return node;
  },
};
