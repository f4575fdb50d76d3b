import { readLooseArray } from "../loose-json.ts";
import type { ShellInstruction } from "../nodes.ts";
import { InstructionNode } from "./instruction-node.ts";
import { checkFlags, needOne, refuse } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

class ShellNode extends InstructionNode implements ShellInstruction {
  readonly keyword = "SHELL";
}

export const shell: InstructionReader = {
  form: "command",
  read(source, problems): ShellInstruction {
    const node = new ShellNode(source);
    checkFlags(node, problems);
    needOne(node, problems, 'SHELL ["/bin/bash", "-c"]');
    if (node.args.length > 0 && !node.json) {
      const meant = readLooseArray(node.rest)?.elements ?? node.rest.text.split(/\s+/);
      const words = meant.map((word) => JSON.stringify(word));
      const message = "SHELL requires the arguments to be in JSON form";
      refuse(
        problems,
        node,
        "invalid-argument",
        message,
        `Write SHELL [${words.join(", ")}].`,
        node.rest.span,
      );
    }
    return node;
  },
};
