import { heredocOf } from "../heredoc.ts";
import type { CopyLikeInstruction, InstructionBase, Word } from "../nodes.ts";
import type { ProblemSink } from "../problem.ts";
import { refuse } from "./reader.ts";

/** Reads what COPY and ADD have in common: sources and a destination. */
export function readSources(
  base: InstructionBase,
  problems: ProblemSink,
): Pick<CopyLikeInstruction, "sources" | "destination"> {
  const { args } = base;
  const keyword = base.name.text.toUpperCase();
  if (args.length < 2) {
    const message = `${keyword} requires at least two arguments, but only ${
      args.length === 0 ? "none" : "one"
    } was provided. Destination could not be determined`;
    refuse(problems, base, "missing-argument", message, `Write ${keyword} source destination.`);
    return { sources: args, destination: undefined };
  }
  const destination = args.at(-1);
  if (destination && opensHeredoc(destination)) {
    const message = `${keyword} cannot accept a heredoc as a destination`;
    const advice = `Put the destination after it: ${keyword} ${destination.text} /path.`;
    refuse(problems, base, "invalid-heredoc", message, advice, destination.span);
  }
  const sources = args.slice(0, -1);
  return {
    sources: base.heredocs.length > 0 ? sources.filter((word) => !opensHeredoc(word)) : sources,
    destination,
  };
}

function opensHeredoc(word: Word): boolean {
  if (!word.text.includes("<<")) return false;
  const heredoc = heredocOf(word);
  return heredoc !== undefined && !("error" in heredoc);
}
