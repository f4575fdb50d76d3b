import { StreamTruncatedError, TransferError } from "../../errors.ts";
import type { TransferEvent } from "../../progress/event.ts";
import { toTransferEvent, untilFailure, type ProgressLine } from "../../progress/progress-line.ts";

export interface TransferOptions {
  /** For errors. */
  readonly operation: string;
  /** The image moved, for errors. */
  readonly reference?: string | undefined;
}

/**
 * The events of a pull, push, load or import. Every line is shown to `find` first, which looks for what the
 * operation has to end with: an answer without it is no success, even if the connection was closed in order.
 */
export async function* transfer<Line extends ProgressLine, Result>(
  lines: AsyncIterable<Line>,
  find: (line: Line, before: Result | undefined) => Result | undefined,
  { operation, reference }: TransferOptions,
): AsyncGenerator<TransferEvent, Result, void> {
  let result: Result | undefined;
  const fail = ({ message }: { message: string }): TransferError =>
    new TransferError(message, { operation, reference });
  for await (const line of untilFailure(lines, fail)) {
    result = find(line, result) ?? result;
    const event = toTransferEvent(line);
    if (event !== undefined) yield event;
  }
  if (result !== undefined) return result;
  throw new StreamTruncatedError(
    `The engine's answer to ${operation} ended without a result: whether it was done is unknown.`,
    { operation },
  );
}
