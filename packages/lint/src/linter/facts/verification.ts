/** What building before and after a fix showed: the answer of an engine, as data. */

/**
 * `identical`: same files and configuration; `equivalent`: only what no program asks for differs, such as caches and
 * logs, or what differs between two builds of the same file; `different`; or there is no image to compare.
 */
export type Verdict = "identical" | "equivalent" | "different" | "does-not-build";

/** Whether a fix may be written. */
export function holds(verdict: Verdict): boolean {
  return verdict === "identical" || verdict === "equivalent";
}

/** Why a difference does not count. */
export type Harmlessness =
  /** Of a package manager or a compiler, made anew when it is needed. */
  | "cache"
  | "log"
  | "temporary"
  /** The content holds the time at which it was made. */
  | "timestamp"
  /** It is another one in each build of the same file. */
  | "unstable"
  /** It says the same in another place: MAINTAINER as a label. */
  | "moved";

/** One difference between two images. */
export interface ImageDifference {
  readonly kind: "file" | "config";
  /** Absolute; of the configuration its key, such as `Env.PATH` or `Cmd`. */
  readonly path: string;
  readonly change: "added" | "removed" | "changed";
  /** What is different of a path that both have: `type`, `mode`, `owner`, `link`, `size`, `content`, `attributes`. */
  readonly what: readonly string[];
  /** In a few words; undefined where there is none, or nothing to say of it. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Undefined where it counts. */
  readonly harmless: Harmlessness | undefined;
}

/** A build that failed. */
export interface VerificationFailure {
  /** Of which file: as it is, or with the fix. */
  readonly of: "original" | "fixed";
  readonly message: string;
  /** The step as the file has it; undefined where no step had begun. */
  readonly step: string | undefined;
  /** From 1, in the file that was built; undefined where the engine does not tell. */
  readonly line: number | undefined;
  readonly exitCode: number | undefined;
  /** What the step wrote last. */
  readonly log: string;
}

/** What an engine says of a fix, or of several that were built together. */
export interface Verification {
  readonly verdict: Verdict;
  /** Those that count first; at most 100. */
  readonly differences: readonly ImageDifference[];
  /** How many there are. */
  readonly differenceCount: number;
  /** How many of them count. */
  readonly countingDifferences: number;
  /** Bytes of the image before and after; undefined where one does not build. */
  readonly bytes: { readonly before: number; readonly after: number } | undefined;
  readonly failure: VerificationFailure | undefined;
  /** What it was tried on, such as `Docker 20.10.24, linux/amd64`. */
  readonly source: string;
}

/** The differences that are listed. */
export const MOST_DIFFERENCES = 100;
