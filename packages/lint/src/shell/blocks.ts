import type { ShellBlock } from "./nodes.ts";

/** A block and those that it stands in, from the inside. */
export function blocksAround(block: ShellBlock): ShellBlock[] {
  const found: ShellBlock[] = [];
  for (let one: ShellBlock | undefined = block; one !== undefined; one = one.parent) found.push(one);
  return found;
}
