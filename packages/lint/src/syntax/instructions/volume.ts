import type { VolumeInstruction, Word } from "../nodes.ts";
import { InstructionNode } from "./instruction-node.ts";
import { checkFlags, needOne, refuse } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

class VolumeNode extends InstructionNode implements VolumeInstruction {
  readonly keyword = "VOLUME";

  get paths(): readonly Word[] {
    return this.args;
  }
}

export const volume: InstructionReader = {
  form: "list",
  read(source, problems): VolumeInstruction {
    const node = new VolumeNode(source);
    needOne(node, problems, "VOLUME /path");
    checkFlags(node, problems);
    for (const path of node.args) {
      if (path.text.trim() !== "") continue;
      const message = "VOLUME specified can not be an empty string";
      refuse(problems, node, "invalid-argument", message, "Name a path, or remove it.", path.span);
    }
    return node;
  },
};
