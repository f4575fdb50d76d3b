import type { Instruction } from "../syntax/nodes.ts";

/**
 * Whether a pattern occurs in what an instruction runs, as it is written: to look for it takes a hundredth of the time
 * that parsing takes. A name that is cut in pieces by quotes or escapes (`apt"-"get`) is not found.
 */
export function mayCall({ args, heredocs }: Instruction, pattern: RegExp): boolean {
  // Not by an iterator, which takes longer than the search: nearly all have one argument, and many rules ask of each.
  for (let index = 0; index < args.length; index += 1) if (pattern.test(args[index]?.text ?? "")) return true;
  return heredocs.some(({ content }) => pattern.test(content));
}
