/** Several builds of one file as the judges of a change: it has to hold for all of them. */
import { holds, type Verification } from "../../linter/facts/verification.ts";
import type { Candidate, Judge } from "./verify.ts";

/** Another build of the file. */
export interface OtherBuild {
  /** What it is, for the verdict: `service web`. */
  readonly name: string;
  readonly judge: Judge;
  /** Whether it reads the ignore file that fixes may change. */
  readonly sharesIgnoreFile: boolean;
}

/** The first build tells of bytes and differences, unless another one refuses. */
export function jointJudge(own: Judge, others: readonly OtherBuild[]): Judge {
  return {
    async verify(candidate: Candidate): Promise<Verification> {
      const first = await own.verify(candidate);
      if (!holds(first.verdict)) return first;
      let verdict = first.verdict;
      for (const { name, judge, sharesIgnoreFile } of others) {
        const { text, what } = candidate;
        const other = await judge.verify(
          sharesIgnoreFile ? candidate : { text, ignoreText: undefined, what },
        );
        if (!holds(other.verdict)) return { ...other, source: `${other.source}, ${name}` };
        if (other.verdict === "equivalent") verdict = "equivalent";
      }
      return { ...first, verdict };
    },
  };
}
