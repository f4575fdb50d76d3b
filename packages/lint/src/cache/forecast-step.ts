import type { Stage } from "../semantics/model.ts";
import type { Instruction } from "../syntax/nodes.ts";
import type { Verdict } from "./verdict.ts";

/** What becomes of one instruction. */
export interface ForecastStep {
  readonly instruction: Instruction;
  readonly stage: Stage;
  /**
   * `none`: BuildKit keeps it as a setting, without a step of its own. `skipped`: nothing that is built needs the stage.
   */
  readonly state: Verdict["state"] | "none" | "skipped";
  /** Why it runs, or may. */
  readonly because: string;
  /** What becomes of it by itself, whatever happens above it. */
  readonly own: Verdict["state"];
}
