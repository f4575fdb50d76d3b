import type { EnvInstruction, KeyValue } from "../nodes.ts";
import { InstructionNode } from "./instruction-node.ts";
import { checkPairs, pairsOf } from "./key-values.ts";
import { checkFlags } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

class EnvNode extends InstructionNode implements EnvInstruction {
  readonly keyword = "ENV";
  readonly pairs: readonly KeyValue[] = pairsOf(this);
}

export const env: InstructionReader = {
  form: "words",
  read(source, problems): EnvInstruction {
    const node = new EnvNode(source);
    checkFlags(node, problems);
    checkPairs(node, problems);
    return node;
  },
};
