import type { Instruction, OnbuildInstruction } from "../nodes.ts";
import type { ProblemSink } from "../problem.ts";
import { InstructionNode } from "./instruction-node.ts";
import { checkFlags, refuse } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

/** The instruction inside is read by who knows all of them, and put in afterwards. */
export class OnbuildNode extends InstructionNode implements OnbuildInstruction {
  readonly keyword = "ONBUILD";
  inner: Instruction | undefined = undefined;
}

export const onbuild: InstructionReader = {
  form: "own",
  read(source, problems): OnbuildInstruction {
    const node = new OnbuildNode(source);
    checkTrigger(node, problems);
    return node;
  },
};

function checkTrigger(node: OnbuildNode, problems: ProblemSink): void {
  const trigger = node.args[0];
  if (!trigger) {
    const message = "ONBUILD requires at least one argument";
    refuse(problems, node, "missing-argument", message, "Write an instruction after it, or remove the line.");
    return;
  }
  checkFlags(node, problems);
  const keyword = trigger.text.toUpperCase();
  if (keyword === "ONBUILD") {
    const message = "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
    refuse(problems, node, "forbidden-trigger", message, "Write ONBUILD once.", trigger.span);
  } else if (keyword === "FROM" || keyword === "MAINTAINER") {
    const message = `${keyword} isn't allowed as an ONBUILD trigger`;
    refuse(
      problems,
      node,
      "forbidden-trigger",
      message,
      "Write it as an instruction of its own.",
      trigger.span,
    );
  }
}
