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

/**
 * The lines, up to the one that reports a failure: that becomes an error. The status was 200 long before, so this
 * is the only place where such a failure can be seen.
 */
export async function* untilFailure<Line extends ProgressLine>(
  lines: AsyncIterable<Line>,
  toError: (failure: ReportedFailure) => Error,
): AsyncGenerator<Line, void, void> {
  for await (const line of lines) {
    const wrong = wrongIn(line);
    if (wrong !== undefined) throw toError({ message: wrong, code: undefined });
    const { error, errorDetail } = line;
    if (error !== undefined || (errorDetail !== undefined && errorDetail !== null)) {
      const message = errorDetail?.message ?? error ?? "";
      throw toError({
        message: message === "" ? "The engine gave no reason." : message,
        code: errorDetail?.code,
      });
    }
    yield line;
  }
}

/** What an engine never sends would be a riddle further on. */
function wrongIn(line: ProgressLine): string | undefined {
  for (const [key, type] of fields) {
    const value: unknown = line[key];
    if (value === undefined || typeof value === type || (value === null && type === "object")) continue;
    return `The engine sent a line of progress whose "${key}" is no ${type}.`;
  }
  const { message, code } = line.errorDetail ?? {};
  if (!["string", "undefined"].includes(typeof message))
    return "The engine reported a failure that is no text.";
  const isCode = ["number", "undefined"].includes(typeof code);
  return isCode ? undefined : "The engine reported a failure whose code is no number.";
}

const fields: readonly (readonly [keyof ProgressLine, "string" | "object"])[] = [
  ["id", "string"],
  ["status", "string"],
  ["stream", "string"],
  ["error", "string"],
  ["errorDetail", "object"],
  ["progressDetail", "object"],
];

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
