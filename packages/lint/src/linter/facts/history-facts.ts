/** What a repository's history says of a Dockerfile; read by the shell around the linter, asked by rules. */
import type { Dockerfile, Instruction } from "../../syntax/nodes.ts";

/** A stage in an order of its instructions that costs less and is certain to build the same. */
export interface CheaperOrder {
  /** The index of the stage. */
  readonly stage: number;
  /** How many commits were weighed. */
  readonly commits: number;
  /** Seconds of its steps that run again for each commit, now and in the other order. */
  readonly before: number;
  readonly after: number;
  /** Whether the seconds of steps were measured, or are what such steps usually take. */
  readonly source: "measured" | "estimated";
  /** Its instructions in that order. */
  readonly order: readonly OrderedInstruction[];
}

/** One instruction of such an order. */
export interface OrderedInstruction {
  readonly instruction: Instruction;
  /** Whether it is one of the fewest that have to move. */
  readonly moved: boolean;
  /** The share of the commits that change what it is made from. */
  readonly share: number;
}

/** The history of a build context. */
export interface HistoryFacts {
  /** The stages that another order makes cheaper. Weighs every commit, so ask once. */
  cheaperOrders(dockerfile: Dockerfile): readonly CheaperOrder[];
}
