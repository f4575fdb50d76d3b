/** What the linter reports: levels, categories, fixes, diagnostics. */
import type { Edit } from "../source/edit.ts";
import type { Span } from "../source/span.ts";
import type { Verification } from "./facts/verification.ts";

/**
 * How bad a finding is: `error` does not build or does not do what it says; `warning` costs security,
 * size or cache for certain; `info` is worth knowing; `style` is taste; `off` is not reported.
 */
export type Level = "error" | "warning" | "info" | "style" | "off";

/** A level that is shown. */
export type Severity = Exclude<Level, "off">;

/** The severities, from the worst to the mildest. */
export const SEVERITIES: readonly Severity[] = ["error", "warning", "info", "style"];

/** Whether `severity` is as bad as `threshold` or worse; `never` is a threshold that nothing reaches. */
export function reaches(severity: Severity, threshold: Severity | "never"): boolean {
  return threshold !== "never" && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}

/** The topic of a rule, one for each hundred of the codes (see `docs/rules`). */
export type Category =
  | "cache"
  | "base"
  | "stages"
  | "layers"
  | "packages"
  | "copy"
  | "user"
  | "secrets"
  | "context"
  | "variables"
  | "runtime"
  | "labels"
  | "workdir"
  | "shell"
  | "syntax";

/**
 * How far a fix may be trusted: `safe` keeps what the image does; `suggestion` most likely does, but a
 * person should look; `unsafe` changes the image and must be asked for (or proved with an engine).
 */
export type Applicability = "safe" | "suggestion" | "unsafe";

/** The file that a diagnostic or a fix is about: the linted one, or its context's `.dockerignore`. */
export type Target = "dockerfile" | "dockerignore";

/** A change that mends a finding. */
export interface Fix {
  /** What the change does, as an imperative: "Add --no-cache to apk add". */
  readonly title: string;
  readonly applicability: Applicability;
  /** Edits that do not overlap; all or none are applied. */
  readonly edits: readonly Edit[];
  /** The file to edit; a `.dockerignore` that does not exist counts as empty. Default `dockerfile`. */
  readonly target?: Target;
  /** What building before and after it showed; undefined where nobody tried. */
  readonly verification?: Verification | undefined;
}

/** Another place that explains a finding. */
export interface Related {
  readonly span: Span;
  readonly message: string;
}

/** One finding. */
export interface Diagnostic {
  /** The code of the rule, `DFL101`. */
  readonly rule: string;
  /** The name of the rule, `cache-copy-before-install`. */
  readonly name: string;
  /** What other linters call it. */
  readonly aliases: readonly string[];
  readonly severity: Severity;
  readonly category: Category;
  /** What is wrong, why it costs, what to do; never empty. */
  readonly message: string;
  /** The exact word or words, in the text of `target`. */
  readonly span: Span;
  readonly target: Target;
  /** Index of the stage, or undefined outside of stages. */
  readonly stage: number | undefined;
  /** Keyword of the instruction in capitals, or undefined outside of instructions. */
  readonly instruction: string | undefined;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
  /** What was counted or measured to support the finding, one sentence each. */
  readonly evidence: readonly string[];
  /** Tells findings of a file apart, and stays the same when lines above move. */
  readonly fingerprint: string;
  /** Why it does not count, when a directive or the configuration mutes it. */
  readonly suppressed?: Suppression;
}

/** What muted a diagnostic. */
export interface Suppression {
  readonly by: "inline" | "config" | "baseline";
  /** The reason given by whoever muted it. */
  readonly reason: string | undefined;
}
