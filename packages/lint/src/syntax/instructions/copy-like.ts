import { heredocOf } from "../heredoc.ts";
import type { CopyLikeInstruction, Word } from "../nodes.ts";
import type { ProblemSink } from "../problem.ts";
import { InstructionNode, type NodeSource } from "./instruction-node.ts";
import { refuse } from "./reader.ts";

/** What COPY and ADD have in common: sources and a destination. */
export class CopyLikeNode extends InstructionNode implements CopyLikeInstruction {
  // No getter: nothing is asked as often.
  declare readonly destination: Word | undefined;

  constructor(source: NodeSource) {
    super(source);
    const { args } = this;
    this.destination = args.length < 2 ? undefined : args[args.length - 1];
  }

  get sources(): readonly Word[] {
    const { args } = this;
    const sources = args.length < 2 ? args : args.slice(0, -1);
    return this.heredocs.length > 0 ? sources.filter((word) => !opensHeredoc(word)) : sources;
  }
}

/** Says what is wrong with sources and destination. */
export function checkSources(node: CopyLikeNode, problems: ProblemSink): void {
  const { destination } = node;
  if (!destination) {
    const keyword = node.name.text.toUpperCase();
    const message = `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`;
    refuse(problems, node, "missing-argument", message, `Write ${keyword} source destination.`);
  } else if (opensHeredoc(destination)) {
    const keyword = node.name.text.toUpperCase();
    const message = `${keyword} cannot accept a heredoc as a destination`;
    const advice = `Put the destination after it: ${keyword} ${destination.text} /path.`;
    refuse(problems, node, "invalid-heredoc", message, advice, destination.span);
  }
}

function opensHeredoc(word: Word): boolean {
  if (!word.text.includes("<<")) return false;
  const heredoc = heredocOf(word);
  return heredoc !== undefined && !("error" in heredoc);
}
