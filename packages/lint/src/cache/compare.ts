/** Puts what was foretold beside what a builder did. */
import type { Instruction } from "../syntax/nodes.ts";
import type { Forecast } from "./forecast.ts";
import type { ForecastStep } from "./forecast-step.ts";

/** What a builder did with an instruction. */
export interface MeasuredStep {
  readonly state: "cached" | "runs";
  readonly seconds: number;
}

/** A step, foretold and measured. */
export interface ComparedStep extends ForecastStep {
  /** Undefined where the builder told of no step: that of a trigger, or one that two stages share. */
  readonly measured: MeasuredStep | undefined;
  /** Whether it runs though nothing changes, so that there is nothing to foretell. */
  readonly isRestless: boolean;
  /** `maybe` agrees with both. Of what the builder did not tell there is nothing to disagree about. */
  readonly agrees: boolean;
}

/**
 * Compares each step. `measured` is by instruction, so what a trigger did in several stages is not told apart. `always`
 * runs though nothing changes.
 */
export function compareSteps(
  { steps }: Forecast,
  measured: ReadonlyMap<Instruction, MeasuredStep>,
  always: ReadonlySet<Instruction> = new Set(),
): ComparedStep[] {
  return steps.map((step): ComparedStep => {
    const own = step.instruction.onbuild === undefined ? measured.get(step.instruction) : undefined;
    const isRestless = always.has(step.instruction);
    return { ...step, measured: own, isRestless, agrees: isRestless || agrees(step, own) };
  });
}

function agrees({ state }: ForecastStep, measured: MeasuredStep | undefined): boolean {
  if (measured === undefined || state === "maybe") return true;
  return state === measured.state;
}
