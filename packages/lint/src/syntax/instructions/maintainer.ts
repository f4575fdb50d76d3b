import type { MaintainerInstruction, Word } from "../nodes.ts";
import { InstructionNode } from "./instruction-node.ts";
import { checkFlags, needExactlyOne } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

class MaintainerNode extends InstructionNode implements MaintainerInstruction {
  readonly keyword = "MAINTAINER";

  get author(): Word | undefined {
    return this.args[0];
  }
}

export const maintainer: InstructionReader = {
  form: "text",
  read(source, problems): MaintainerInstruction {
    const node = new MaintainerNode(source);
    needExactlyOne(node, problems, 'LABEL org.opencontainers.image.authors="…" in its place');
    checkFlags(node, problems);
    return node;
  },
};
