import { StreamTruncatedError, TransferError } from "../../errors.ts";
import type { TransferEvent } from "../../progress/event.ts";
import { EventBatch, type Work } from "../../work.ts";
import { throwFailure, toTransferEvent, type ProgressLine } from "../../progress/progress-line.ts";
import type { JsonLines } from "../../streams/json-lines.ts";

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
  lines: JsonLines<Line>,
  find: (line: Line, before: Result | undefined) => Result | undefined,
  { operation, reference }: TransferOptions,
): Work<TransferEvent, Result> {
  let result: Result | undefined;
  const fail = ({ message }: { message: string }): TransferError =>
    new TransferError(message, { operation, reference });
  for await (const batch of lines.batches()) {
    const events: TransferEvent[] = [];
    try {
      for (const line of batch) {
        throwFailure(line, fail);
        result = find(line, result) ?? result;
        const event = toTransferEvent(line);
        if (event !== undefined) events.push(event);
      }
    } catch (error) {
      yield new EventBatch(events); // what came before it
      throw error;
    }
    yield new EventBatch(events);
  }
  if (result !== undefined) return result;
  throw new StreamTruncatedError(
    `The engine's answer to ${operation} ended without a result: whether it was done is unknown.`,
    { operation },
  );
}
