import type { TransferEvent } from "./event.ts";

/** One line of the JSON that the engine streams while it pulls, pushes, loads, imports and builds. */
export interface ProgressLine {
  readonly id?: string | undefined;
  readonly status?: string | undefined;
  readonly stream?: string | undefined;
  readonly progressDetail?: ProgressDetail | null | undefined;
  readonly error?: string | undefined;
  readonly errorDetail?:
    | { readonly code?: number | undefined; readonly message?: string | undefined }
    | null
    | undefined;
}

interface ProgressDetail {
  readonly current?: number | undefined;
  readonly total?: number | undefined;
  // Sent by engines with the containerd image store; the API reference does not list it.
  readonly units?: string | undefined;
}

/** What the engine says of a failure. `code` is the exit code of a failed RUN. */
export interface ReportedFailure {
  readonly message: string;
  readonly code: number | undefined;
}

/** The lines, up to the one that reports a failure; see {@link throwFailure}. */
export async function* untilFailure<Line extends ProgressLine>(
  lines: AsyncIterable<Line>,
  toError: (failure: ReportedFailure) => Error,
): AsyncGenerator<Line, void, void> {
  for await (const line of lines) {
    throwFailure(line, toError);
    yield line;
  }
}

/**
 * A line that reports a failure becomes an error. The status was 200 long before, so this is the only place where such
 * a failure can be seen.
 */
export function throwFailure(line: ProgressLine, toError: (failure: ReportedFailure) => Error): void {
  const wrong = wrongIn(line);
  if (wrong !== undefined) throw toError({ message: wrong, code: undefined });
  const { error, errorDetail } = line;
  if (error === undefined && (errorDetail === undefined || errorDetail === null)) return;
  const message = errorDetail?.message ?? error ?? "";
  throw toError({
    message: message === "" ? "The engine gave no reason." : message,
    code: errorDetail?.code,
  });
}

/** What an engine never sends would be a riddle further on. */
function wrongIn(line: ProgressLine): string | undefined {
  const { id, status, stream, error, errorDetail, progressDetail } = line;
  const wrong = (key: string, type: string): string =>
    `The engine sent a line of progress whose "${key}" is no ${type}.`;
  if (!isTextOrNothing(id)) return wrong("id", "string");
  if (!isTextOrNothing(status)) return wrong("status", "string");
  if (!isTextOrNothing(stream)) return wrong("stream", "string");
  if (!isTextOrNothing(error)) return wrong("error", "string");
  if (!isObjectOrNothing(errorDetail)) return wrong("errorDetail", "object");
  if (!isObjectOrNothing(progressDetail)) return wrong("progressDetail", "object");
  if (errorDetail === undefined || errorDetail === null) return undefined;
  const { message, code } = errorDetail;
  if (!isTextOrNothing(message)) return "The engine reported a failure that is no text.";
  const isCode = code === undefined || typeof code === "number";
  return isCode ? undefined : "The engine reported a failure whose code is no number.";
}

function isTextOrNothing(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function isObjectOrNothing(value: unknown): boolean {
  return value === undefined || typeof value === "object";
}

/** What a line tells people; undefined for one that only carries data. */
export function toTransferEvent(line: ProgressLine): TransferEvent | undefined {
  const { id, status, stream, progressDetail } = line;
  if (status !== undefined && progressDetail !== undefined && progressDetail !== null) {
    const { current, total, units } = progressDetail;
    const unit = units === "s" ? "seconds" : "bytes";
    return {
      type: "progress",
      id: id ?? "",
      state: status,
      current: asNumber(current),
      total: asNumber(total),
      unit,
    };
  }
  const message = (status ?? stream ?? "").trim();
  if (message === "") return undefined;
  const warning = /^warning:\s*/i.exec(message);
  if (warning !== null) return { type: "warning", message: message.slice(warning[0].length) };
  return { type: "status", message: id === undefined ? message : `${id}: ${message}` };
}

function asNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
