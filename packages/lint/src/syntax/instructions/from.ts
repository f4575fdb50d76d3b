import { cover } from "../../source/span.ts";
import type { KnownFlags } from "../flags.ts";
import type { FromInstruction, Word } from "../nodes.ts";
import type { ProblemSink } from "../problem.ts";
import { InstructionNode, type NodeSource } from "./instruction-node.ts";
import { checkFlags, refuse } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

const FLAGS: KnownFlags = { platform: "string" };
const STAGE_NAME = /^[a-z][a-z0-9\-_.]*$/;

class FromNode extends InstructionNode implements FromInstruction {
  readonly keyword = "FROM";
  // No getters: there are few of these, and nothing is asked as often.
  declare readonly image: Word | undefined;
  declare readonly as: FromInstruction["as"];

  constructor(source: NodeSource) {
    super(source);
    const [image, keyword, name] = this.args;
    this.image = image;
    this.as = keyword && name && keyword.text.toLowerCase() === "as" ? { keyword, name } : undefined;
  }
}

export const from: InstructionReader = {
  form: "blanks",
  read(source, problems): FromInstruction {
    const node = new FromNode(source);
    checkFlags(node, problems, FLAGS);
    if (node.args.length === 3 && node.as) checkName(node, node.as.name, problems);
    else if (node.args.length !== 1) refuseCount(node, problems);
    return node;
  },
};

function checkName(node: FromNode, name: Word, problems: ProblemSink): void {
  if (STAGE_NAME.test(name.text.toLowerCase())) return;
  const shown = JSON.stringify(name.text);
  const message = `invalid name for build stage: ${shown}, name can't start with a number or contain symbols`;
  const advice = "Begin the name with a letter, and go on with letters, digits, '-', '_' and '.'.";
  refuse(problems, node, "invalid-argument", message, advice, name.span);
}

function refuseCount(node: FromNode, problems: ProblemSink): void {
  const message = "FROM requires either one or three arguments";
  const [, second] = node.args;
  const last = node.args.at(-1);
  if (!second || !last) {
    refuse(problems, node, "missing-argument", message, "Write FROM image, or FROM image AS name.");
    return;
  }
  const comment = second.text.startsWith("#");
  const advice = comment
    ? "Move the comment to a line of its own: a # later in a line is no comment."
    : "Write FROM image, or FROM image AS name.";
  refuse(problems, node, "too-many-arguments", message, advice, cover(second.span, last.span));
}
