import type { ArgDeclaration, ArgInstruction, Word } from "../nodes.ts";
import { InstructionNode } from "./instruction-node.ts";
import { needOne, refuse } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

class ArgNode extends InstructionNode implements ArgInstruction {
  readonly keyword = "ARG";
  readonly declarations: readonly ArgDeclaration[] = this.args.map(declarationOf);
}

function declarationOf(word: Word): ArgDeclaration {
  const equals = word.text.indexOf("=");
  if (equals === -1) return { name: word, value: undefined };
  return { name: word.slice(0, equals), value: word.slice(equals + 1) };
}

/** BuildKit takes any flag here, and drops it. */
export const arg: InstructionReader = {
  form: "words",
  read(source, problems): ArgInstruction {
    const node = new ArgNode(source);
    needOne(node, problems, "ARG NAME or ARG NAME=default");
    for (const word of node.args) {
      if (!word.text.startsWith("=")) continue;
      const advice = "Write ARG NAME=default, without blanks around the =.";
      refuse(problems, node, "invalid-argument", "ARG names can not be blank", advice, word.span);
    }
    return node;
  },
};
