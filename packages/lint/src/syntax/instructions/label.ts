import type { LabelInstruction, KeyValue } from "../nodes.ts";
import { InstructionNode } from "./instruction-node.ts";
import { checkPairs, pairsOf } from "./key-values.ts";
import { checkFlags } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

class LabelNode extends InstructionNode implements LabelInstruction {
  readonly keyword = "LABEL";
  readonly pairs: readonly KeyValue[] = pairsOf(this);
}

export const label: InstructionReader = {
  form: "words",
  read(source, problems): LabelInstruction {
    const node = new LabelNode(source);
    checkFlags(node, problems);
    checkPairs(node, problems);
    return node;
  },
};
