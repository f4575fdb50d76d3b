import { Operation } from "../../operation.ts";
import type { BuildEvent } from "../../progress/event.ts";
import type { BuildTools } from "../images/build-tools.ts";
import type { SolveOptions, SolveResult } from "./solve-options.ts";

export function solveOperation(tools: BuildTools, options: SolveOptions): Operation<BuildEvent, SolveResult> {
  return new Operation(async function* (signal) {
    const { runSolve } = await import("./run-solve.ts");
    return yield* runSolve(tools, { ...options, signal });
  }, options.signal);
}
