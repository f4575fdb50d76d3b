/** What becomes of a step in the next build, and why. */
export interface Verdict {
  /** `maybe`: it depends on what a RUN writes, or on the engine's store of images. */
  readonly state: "cached" | "maybe" | "runs";
  /** Why, as the end of a sentence; empty for what is cached. */
  readonly because: string;
}

export const CACHED: Verdict = { state: "cached", because: "" };

const RANK: Readonly<Record<Verdict["state"], number>> = { cached: 0, maybe: 1, runs: 2 };

/** The verdict that breaks the cache for most certain; the first of several. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  let worst = CACHED;
  for (const verdict of verdicts) if (RANK[verdict.state] > RANK[worst.state]) worst = verdict;
  return worst;
}

export function runs(because: string): Verdict {
  return { state: "runs", because };
}

export function maybe(because: string): Verdict {
  return { state: "maybe", because };
}
