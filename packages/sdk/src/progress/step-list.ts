import type { BuildStep, ProgressEvent, StepEvent } from "./event.ts";
import { bytes } from "./progress-bar.ts";
import { printable } from "../screen-text.ts";

/** One step of a build by BuildKit, as far as it is shown. */
export interface ShownStep {
  /** In the order in which they began, from 1. */
  readonly order: number;
  readonly label: string;
  /** Milliseconds, of `performance.now()`. */
  readonly startedAt: number;
  endedAt: number | undefined;
  state: StepEvent["state"];
  readonly parts: Map<string, ShownPart>;
  /** The last lines that it printed. */
  lines: readonly string[];
}

/** What a step does one after the other or at a time: a layer that is pulled, the context on its way. */
export interface ShownPart {
  event: ProgressEvent;
  /** Milliseconds, of `performance.now()`. */
  readonly startedAt: number;
  endedAt: number | undefined;
}

/** The steps of a build in the order in which they began. */
export class StepList {
  readonly #steps = new Map<string, ShownStep>();

  get all(): readonly ShownStep[] {
    return [...this.#steps.values()];
  }

  /** The step, added when it is new. */
  of(step: BuildStep): ShownStep {
    let shown = this.#steps.get(step.id);
    if (shown === undefined) {
      shown = {
        order: this.#steps.size + 1,
        label: labelOf(step),
        startedAt: performance.now(),
        endedAt: undefined,
        state: "started",
        parts: new Map(),
        lines: [],
      };
      this.#steps.set(step.id, shown);
    }
    return shown;
  }
}

/** Notes what is said of a part. */
export function tellPart({ parts }: ShownStep, event: ProgressEvent): ShownPart {
  const part = parts.get(event.id) ?? { event, startedAt: performance.now(), endedAt: undefined };
  parts.set(event.id, part);
  part.event = event;
  if (event.state === "done") part.endedAt ??= performance.now();
  return part;
}

/** `transferring context: 20.5MB`; what it is of a known whole only while it is on its way. */
export function partText({ event: { id, state, current = 0, total } }: ShownPart): string {
  const amount = current === 0 ? "" : bytes(current);
  const whole = total === undefined || state === "done" ? "" : ` / ${bytes(total)}`;
  return printable(`${id} ${amount}${amount === "" ? "" : whole}`.trimEnd());
}

/** `0.3s`: how long it ran, or has run. */
export function duration({ startedAt, endedAt }: Pick<ShownStep, "startedAt" | "endedAt">): string {
  return `${(((endedAt ?? performance.now()) - startedAt) / 1000).toFixed(1)}s`;
}

/** `[build 2/5] RUN make` */
function labelOf({ stage, number, total, name }: BuildStep): string {
  const place =
    number === undefined ? "" : `[${stage === undefined ? "" : `${stage} `}${number}/${total ?? "?"}] `;
  return place + printable(name.split("\n", 1)[0] ?? "");
}
