import type { Instruction } from "../syntax/nodes.ts";

/**
 * A name that is cut in pieces: by quotes or escapes (`apt"-"get`, in a heredoc also at the end of a line), or written in
 * numbers (`$'\x61pt'`). It begins with what most scripts have least of, which the search for it lives on.
 */
const CUT = /["'\\](?<=[\w./-]\$?.)(?:["'\\]|(?<=\\)\r?\n)*[\w./-]|\$'[^']*\\/;

/**
 * Whether a pattern occurs in what an instruction runs, as it is written, or may occur once the shell has read it: to
 * look for it takes a hundredth of the time that parsing takes.
 */
export function mayCall(instruction: Instruction, pattern: RegExp): boolean {
  return mentions(instruction, pattern) || mayHideNames(instruction);
}

/** A pattern for {@link mayCall} that finds any of some programs, given as sources of patterns for whole names. */
export function callOf(names: Iterable<string>): RegExp {
  return new RegExp(`(?<![\\w-])(?:${[...names].join("|")})(?![\\w-])`);
}

/** Whether a pattern occurs in what an instruction runs, as it is written. */
export function mentions({ args, heredocs }: Instruction, pattern: RegExp): boolean {
  // Not by an iterator, which takes longer than the search: nearly all have one argument, and many rules ask of each.
  for (let index = 0; index < args.length; index += 1) if (pattern.test(args[index]?.text ?? "")) return true;
  for (let index = 0; index < heredocs.length; index += 1)
    if (pattern.test(heredocs[index]?.content ?? "")) return true;
  return false;
}

/** Whether the shell may read names in what an instruction runs that are not written there. */
export function mayHideNames(instruction: Instruction): boolean {
  return mentions(instruction, CUT);
}
