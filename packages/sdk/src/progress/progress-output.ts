/** Where progress is drawn: `process.stderr`, or any stream. */
export type ProgressOutput = NodeJS.WritableStream & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

/** Resolves when the text was taken over, so that a slow reader slows the work down and not fills the memory. */
export function writeAll(output: ProgressOutput, text: string): Promise<void> {
  // A reader that has left is told by the stream's own error event.
  return new Promise((resolve) => void output.write(text, () => resolve()));
}

/** The columns to draw in, one less than there are: a full line makes some terminals begin the next. */
export function columnsOf({ columns }: ProgressOutput): number {
  return Math.max(1, known(columns, 80) - 1);
}

/** The rows that can be drawn over: what has scrolled away cannot, and the cursor stands in one. */
export function rowsOf({ rows }: ProgressOutput): number {
  return Math.max(1, known(rows, 24) - 1);
}

/** A pseudo-terminal that nobody has given a size says 0, as those of `script` and of some pipelines do. */
function known(size: number | undefined, usual: number): number {
  return size === undefined || size === 0 ? usual : size;
}
