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

/**
 * For one file that takes as long as a thousand: all of the work is in a few loops, and whoever waits waits for them. What
 * is read of it stays until the end, so that to look for what is garbage among it would be a tenth of the work, for nothing:
 * that begins anew when there is eleven times as much of it as was left the last time, and not four times.
 */
export function optimiseSoon(): void {
  optimiseAfter(SOON);
  setFlag("--heap-growing-percent=1000");
}

function optimiseAfter(budget: number): void {
  setFlag(`--interrupt-budget=${budget}`);
}

function setFlag(flag: string): void {
  if (!process.versions.node.startsWith("20.")) return;
  process.getBuiltinModule("node:v8").setFlagsFromString(flag);
}
