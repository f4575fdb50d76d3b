import type { UserInstruction, Word } from "../nodes.ts";
import { InstructionNode } from "./instruction-node.ts";
import { checkFlags, needExactlyOne } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

class UserNode extends InstructionNode implements UserInstruction {
  readonly keyword = "USER";

  get user(): Word | undefined {
    return this.args[0];
  }
}

export const user: InstructionReader = {
  form: "text",
  read(source, problems): UserInstruction {
    const node = new UserNode(source);
    needExactlyOne(node, problems, "USER name or USER uid:gid");
    checkFlags(node, problems);
    return node;
  },
};
