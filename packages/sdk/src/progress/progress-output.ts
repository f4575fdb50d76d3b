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
