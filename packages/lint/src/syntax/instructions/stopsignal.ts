import type { StopsignalInstruction, Word } from "../nodes.ts";
import { InstructionNode } from "./instruction-node.ts";
import { needExactlyOne } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

class StopsignalNode extends InstructionNode implements StopsignalInstruction {
  readonly keyword = "STOPSIGNAL";

  get signal(): Word | undefined {
    return this.args[0];
  }
}

/** BuildKit takes any flag here, and drops it. */
export const stopsignal: InstructionReader = {
  form: "text",
  read(source, problems): StopsignalInstruction {
    const node = new StopsignalNode(source);
    needExactlyOne(node, problems, "STOPSIGNAL SIGTERM");
    return node;
  },
};
