import type { Instruction } from "../syntax/nodes.ts";

/**
 * A name that is cut in pieces: by quotes or escapes (`apt"-"get`, in a heredoc also at the end of a line), or written in
 * numbers (`$'\x61pt'`). It begins with what most scripts have least of, which the search for it lives on.
 */
const CUT = /["'\\](?<=[\w./-].)(?:["'\\]|(?<=\\)\r?\n)*[\w./-]|\$'[^']*\\/;

/**
 * Whether a pattern occurs in what an instruction runs, as it is written, or may occur once the shell has read it: to
 * look for it takes a hundredth of the time that parsing takes.
 */
export function mayCall({ args, heredocs }: Instruction, pattern: RegExp): boolean {
  // Not by an iterator, which takes longer than the search: nearly all have one argument, and many rules ask of each.
  for (let index = 0; index < args.length; index += 1)
    if (mayHold(args[index]?.text ?? "", pattern)) return true;
  return heredocs.some(({ content }) => mayHold(content, pattern));
}

function mayHold(text: string, pattern: RegExp): boolean {
  return pattern.test(text) || CUT.test(text);
}
