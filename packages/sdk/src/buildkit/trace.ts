import { BuildError } from "../errors.ts";
import type {
  StatusResponse,
  Vertex,
  VertexLog,
  VertexStatus,
  VertexWarning,
} from "../generated/buildkit/control_pb.ts";
import type { BuildEvent, BuildStep, LogEvent, StepEvent, WarningEvent } from "../progress/event.ts";
import { LogTail } from "./log-tail.ts";
import { parseVertexName } from "./vertex-name.ts";

interface StepState {
  step: BuildStep;
  started: boolean;
  ended: StepEvent["state"] | undefined;
  cached: boolean;
  error: string;
  readonly log: LogTail;
}

/**
 * Turns what BuildKit tells of a build into events. Steps come again whenever something about them changes, and may
 * even begin again after they were complete; each is told to begin once and to end once, or to fail after all.
 */
export class Trace {
  readonly #steps = new Map<string, StepState>();
  readonly #parts = new Map<string, string>();
  readonly #warned = new Set<string>();

  *read(response: StatusResponse): Generator<BuildEvent, void, void> {
    for (const vertex of response.vertexes) yield* this.#begin(vertex);
    for (const status of response.statuses) yield* this.#part(status);
    for (const log of response.logs) yield* this.#log(log);
    for (const warning of response.warnings) yield* this.#warn(warning);
    // Last, so that a step's output comes before its end.
    for (const vertex of response.vertexes) yield* this.#end(vertex);
  }

  /** The error for what the engine says last. A digest names the step where the engine tells it. */
  toError(
    message: string,
    operation: string,
    known: {
      digest?: string | undefined;
      exitCode?: number | undefined;
      line?: number | undefined;
      cause?: unknown;
    } = {},
  ): BuildError {
    const failed = this.#failed(known.digest, message);
    const [, code] = /exit code: (\d+)\s*$/.exec(failed?.error || message) ?? [];
    const [, line] = /parse error (?:on )?line (\d+)/i.exec(message) ?? [];
    return new BuildError(message, {
      operation,
      cause: known.cause,
      step: failed?.step.name,
      log: failed?.log.text,
      exitCode: known.exitCode ?? (code === undefined ? undefined : Number(code)),
      line: known.line ?? (line === undefined ? undefined : Number(line)),
    });
  }

  /** What the step at fault said, if one failed. */
  get failure(): string | undefined {
    return this.#failed(undefined, undefined)?.error;
  }

  /** The step at fault. Those that were stopped because of it have an error, too, and caches that are not there. */
  #failed(digest: string | undefined, message: string | undefined): StepState | undefined {
    const steps = [...this.#steps.values()].filter(({ error }) => error !== "");
    const own = digest === undefined ? undefined : this.#steps.get(digest);
    const named = steps.filter(({ error }) => message?.includes(error) === true);
    return (
      own ??
      named.findLast(({ error }) => !isCanceled(error)) ??
      steps.findLast(({ error }) => !isCanceled(error)) ??
      steps.at(-1)
    );
  }

  *#begin({ digest, name, started, cached, error }: Vertex): Generator<BuildEvent, void, void> {
    const state = this.#state(digest);
    if (name !== "") state.step = { id: digest, ...parseVertexName(name) };
    if (error !== "") state.error = error;
    // Said once: what is then fetched of an imported cache looks as if the step ran.
    state.cached ||= cached;
    if (state.started || started === undefined) return;
    state.started = true;
    yield { type: "step", state: "started", step: state.step, image: undefined };
  }

  *#end({ digest, completed, error }: Vertex): Generator<BuildEvent, void, void> {
    const state = this.#state(digest);
    if (!state.started || (completed === undefined && error === "")) return;
    const end =
      error === "" ? (state.cached ? "cached" : "completed") : isCanceled(error) ? "canceled" : "failed";
    // Only a failure takes back what was told.
    if (state.ended !== undefined && (end !== "failed" || state.ended === "failed")) return;
    state.ended = end;
    yield* state.log.end().map((event) => ({ ...event, step: state.step }));
    yield { type: "step", state: end, step: state.step, image: undefined };
  }

  *#part({ id, vertex, name, current, total, completed }: VertexStatus): Generator<BuildEvent, void, void> {
    const { step } = this.#state(vertex);
    const state = completed === undefined ? name || "working" : "done";
    const known = current > 0n || total > 0n;
    const event = {
      type: "progress",
      id,
      state,
      current: known ? Number(current) : undefined,
      total: total > 0n ? Number(total) : undefined,
      unit: "bytes",
      step,
    } as const;
    const key = `${vertex} ${id}`;
    const told = `${state} ${current} ${total}`;
    if (this.#parts.get(key) === told) return;
    this.#parts.set(key, told);
    yield event;
  }

  *#log({ vertex, stream, msg }: VertexLog): Generator<LogEvent | WarningEvent, void, void> {
    const state = this.#state(vertex);
    const name = stream === 2n ? "stderr" : "stdout";
    const { text, clipped } = state.log.push(name, msg);
    if (text !== "") yield { type: "log", step: state.step, stream: name, text };
    if (clipped !== undefined) {
      yield { type: "warning", message: `The engine left out output of ${state.step.name}: ${clipped}` };
    }
  }

  *#warn({ vertex, short, detail, url, ranges, info }: VertexWarning): Generator<WarningEvent, void, void> {
    const message = Buffer.from(short).toString("utf8");
    const line = ranges[0]?.start?.line;
    const key = JSON.stringify([vertex, message, line, info?.filename]);
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    const details = detail
      .map((part) => Buffer.from(part).toString("utf8").trim())
      .filter((part) => part !== "");
    yield {
      type: "warning",
      message: message === "" ? details.join(" ") : message,
      line: line === undefined || line === 0 ? undefined : line,
      url: url === "" ? undefined : url,
    };
  }

  #state(digest: string): StepState {
    let state = this.#steps.get(digest);
    if (state === undefined) {
      const step = { id: digest, name: digest, number: undefined, total: undefined };
      state = { step, started: false, ended: undefined, cached: false, error: "", log: new LogTail() };
      this.#steps.set(digest, state);
    }
    return state;
  }
}

function isCanceled(error: string): boolean {
  return /context canceled(?:: context canceled)?$/.test(error);
}
