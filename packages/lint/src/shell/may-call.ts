import type { Instruction } from "../syntax/nodes.ts";

/**
 * Whether a pattern occurs in what an instruction runs, as it is written: to look for it takes a hundredth of the time
 * that parsing takes. A name that is cut in pieces by quotes or escapes (`apt"-"get`) is not found.
 */
export function mayCall({ args, heredocs }: Instruction, pattern: RegExp): boolean {
  for (const { text } of args) if (pattern.test(text)) return true;
  for (const { content } of heredocs) if (pattern.test(content)) return true;
  return false;
}
