/** What a build told: how long it took, and what its steps do not say. */
import type { Model } from "../../semantics/model.ts";
import type { BuildRequest } from "../build-image.ts";
import type { BuildTrace } from "../build-trace.ts";
import { toSeconds } from "./measure-instructions.ts";
import { chainOf } from "./measure-layers.ts";
import type { Builder, JoinedSteps } from "./measure-steps.ts";
import type { MeasuredBuild } from "../measurement.ts";
import type { BuildEvent } from "../port.ts";
import type { EngineRun } from "../with-engine.ts";

/** What a build's events tell beside its steps. */
export class ToldApart {
  /** Bytes of the context that BuildKit was sent. */
  sentBytes: number | undefined;
  /** ONBUILD triggers by the number of the step that ran them, told by the classic builder. */
  readonly triggers: Map<number, number> = new Map();
  #step: number | undefined;

  add(event: BuildEvent): void {
    if (event.type === "step" && event.state === "started") this.#step = event.step.number;
    if (event.type === "status") {
      const [, count] = /^# Executing (\d+) build trigger/.exec(event.message) ?? [];
      if (count !== undefined && this.#step !== undefined) this.triggers.set(this.#step, Number(count));
    }
    if (event.type === "progress" && event.step?.name === "[internal] load build context") {
      this.sentBytes = Math.max(this.sentBytes ?? 0, event.current ?? 0);
    }
  }
}

/** How many triggers ran at the bottom of what the target is based on. */
export function triggersRun(model: Model, builder: Builder, steps: JoinedSteps, told: ToldApart): number {
  const root = model.target && chainOf(model.target)[0];
  if (root === undefined) return 0;
  if (builder === "buildkit") return steps.triggerCounts.get(root) ?? 0;
  return told.triggers.get(model.dockerfile.instructions.indexOf(root.from) + 1) ?? 0;
}

/** The build as a whole. */
export function buildOf(
  { engine }: EngineRun,
  { duration }: BuildTrace,
  builder: Builder,
  { target, platform }: BuildRequest,
  { byInstruction, triggers }: JoinedSteps,
): MeasuredBuild {
  // Stages that begin alike share steps.
  const steps = [...new Set([...byInstruction.values(), ...[...triggers.values()].flat()])];
  const ran = steps.filter(({ state }) => state !== "cached");
  return {
    engine: engine.version,
    builder,
    ...(target !== undefined && { target }),
    ...(platform !== undefined && { platform }),
    seconds: toSeconds(duration),
    stepSeconds: toSeconds(ran.reduce((sum, { started, ended = started }) => sum + ended - started, 0)),
    steps: steps.length,
    cachedSteps: steps.length - ran.length,
  };
}
