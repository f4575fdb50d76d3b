/**
 * When V8 optimises code: after it has run for so long, counted in the bytes of its instructions. Other releases of Node
 * have other flags, and compilers of other speed.
 */
const SOON = 270_336; // four times V8's own: with less it compiles more than it gains on a long file
const LATE = 4 * SOON;

/**
 * For many files: for a thousand V8 would spend a third of the time on code that then hardly runs, and for six thousand
 * it gains nothing by being early, either. Not before the core is loaded, whose compiled code is only taken by a V8 with
 * the same flags.
 */
export function optimiseLate(): void {
  optimiseAfter(LATE);
}

/** For one file that takes as long as a thousand: all of the work is in a few loops, and whoever waits waits for them. */
export function optimiseSoon(): void {
  optimiseAfter(SOON);
}

function optimiseAfter(budget: number): void {
  if (!process.versions.node.startsWith("20.")) return;
  process.getBuiltinModule("node:v8").setFlagsFromString(`--interrupt-budget=${budget}`);
}
