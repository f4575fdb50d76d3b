/** Applying fixes: in passes, until nothing is left to do. */
import type { Applicability, Diagnostic, Fix } from "./diagnostic.ts";
import { isBetter, isWorse } from "./fix-gain.ts";
import {
  applyChosen,
  chooseFixes,
  tryFixes,
  type AppliedFix,
  type FixStep,
  type Wanted,
} from "./fix-step.ts";
import type { Linter, LintInput, LintResult } from "./linter.ts";

/** A file that gets no better in this many passes has rules that undo each other's work. */
const MAX_PASSES = 10;

/**
 * How many characters are linted in all, but for the first passes: a file of very many findings, each of which waits for
 * the one before it, is left as far as it got.
 */
const MAX_LINTED = 5_000_000;

/** Which fixes to apply. */
export interface FixOptions {
  /** The boldest kind of fix: `safe` (default), `suggestion`, which includes safe ones, or `unsafe`: all. */
  readonly applicability?: Applicability | undefined;
  /** Codes of rules whose fixes are never applied. */
  readonly never?: readonly string[] | undefined;
  /** Codes of the only rules whose fixes are applied. Default: all. */
  readonly only?: readonly string[] | undefined;
}

/** What fixing one file gave. */
export interface FixResult {
  /** The text after the fixes. */
  readonly text: string;
  /** The `.dockerignore` after the fixes; undefined where none touched it. */
  readonly ignoreText: string | undefined;
  /** In the order in which they were applied. */
  readonly applied: readonly AppliedFix[];
  /** How many times fixes were applied; 0 where there were none to apply. */
  readonly passes: number;
  /** The state after the last pass: what is left to a person. */
  readonly result: LintResult;
}

const BOLDNESS: readonly Applicability[] = ["safe", "suggestion", "unsafe"];

/** Whether a fix of one kind dares more than those of another. */
export function isBolder(one: Applicability, other: Applicability): boolean {
  return BOLDNESS.indexOf(one) > BOLDNESS.indexOf(other);
}

/**
 * Fixes one file with a linter that may be used for others, too: applies what does not overlap, and lints again. A file that
 * gets worse by that, or that is never done, is begun anew, one fix after another, and a fix that does not make it better
 * is left out. Never throws for what the text holds.
 */
export function fixText(linter: FileLinter, input: LintInput, options: FixOptions = {}): FixResult {
  const { input: fixed, ...rest } = fixAll(linter, input, options);
  return { text: fixed.text, ...rest };
}

/** What {@link fixText} does, with the whole state after it. */
export function fixAll(linter: FileLinter, input: LintInput, options: FixOptions): FixProgress {
  const { applicability: boldest = "safe", never = [], only } = options;
  const isAllowed = (rule: string): boolean => !never.includes(rule) && only?.includes(rule) !== false;
  const isWanted: Wanted = ({ applicability }, rule) => !isBolder(applicability, boldest) && isAllowed(rule);
  const start = beforeFixes(linter, input);
  const inPasses = (from: FixProgress): FixProgress | undefined => {
    const fixed = fixInPasses(linter, from, isWanted);
    return fixed === undefined || isWorse(start.result.diagnostics, fixed.result.diagnostics)
      ? undefined
      : fixed;
  };
  let end = inPasses(start);
  if (end === undefined) {
    const left = fixOneByOne(linter, start, isWanted);
    // What could not be fixed together at first may be now; a second run would do it.
    end = inPasses(left) ?? left;
  }
  return end;
}

/** What lints a text, again and again. */
export type FileLinter = Pick<Linter, "lint">;

/** How far the fixing of a file has come. */
export interface FixProgress extends Omit<FixResult, "text"> {
  readonly input: LintInput;
}

/** Undefined where the file comes back to what it was, or goes on changing without getting better. */
function fixInPasses(linter: FileLinter, start: FixProgress, isWanted: Wanted): FixProgress | undefined {
  const applied = [...start.applied];
  const seen = new Set<string>();
  let { input, result, ignoreText, passes } = start;
  let inVain = 0;
  for (;;) {
    seen.add(stateOf(input));
    const step = applyChosen(
      input,
      chooseFixes(result.diagnostics, isWanted),
      result.dockerfile.problems.length,
    );
    if (step === undefined) return { input, ignoreText, applied, passes, result };
    if (seen.has(stateOf(step.input)) || inVain === MAX_PASSES) return undefined;
    passes += 1;
    applied.push(...step.applied);
    input = step.input;
    ignoreText = step.ignoreText ?? ignoreText;
    const left = result.diagnostics.length;
    result = linter.lint(input);
    if (passes > MAX_PASSES && passes * input.text.length > MAX_LINTED) {
      return { input, ignoreText, applied, passes, result };
    }
    inVain = result.diagnostics.length < left ? 0 : inVain + 1;
  }
}

/** A file as it is, before any fix. */
export function beforeFixes(linter: FileLinter, input: LintInput): FixProgress {
  return { input, result: linter.lint(input), ignoreText: undefined, applied: [], passes: 0 };
}

/** Applies one fix of one finding; undefined where the file gets no better by it. */
export function applyOneFix(
  linter: FileLinter,
  { input, result, ignoreText, applied, passes }: FixProgress,
  diagnostic: Diagnostic,
  fix: Fix,
): FixProgress | undefined {
  const chosen = { diagnostic, fix, target: fix.target ?? "dockerfile" };
  const step = tryFixes(input, [chosen], result.dockerfile.problems.length);
  if (step === undefined) return undefined;
  const after = linter.lint(step.input);
  if (!isBetter(result.diagnostics, after.diagnostics)) return undefined;
  if (isWorse(result.diagnostics, after.diagnostics)) return undefined;
  return {
    input: step.input,
    result: after,
    ignoreText: step.ignoreText ?? ignoreText,
    applied: [...applied, ...step.applied],
    passes: passes + 1,
  };
}

/** Applies one fix after another, as long as each makes the file better and brings no finding above info. */
function fixOneByOne(linter: FileLinter, start: FixProgress, isWanted: Wanted): FixProgress {
  const applied: AppliedFix[] = [];
  let { input, result, ignoreText, passes } = start;
  let tried = 0;
  for (let next: (FixStep & Pick<FixProgress, "result">) | undefined; ; passes += 1) {
    next = undefined;
    for (const diagnostic of result.diagnostics) {
      if (tried > MAX_LINTED) break;
      const step = applyChosen(input, chooseFixes([diagnostic], isWanted), result.dockerfile.problems.length);
      if (step === undefined) continue;
      tried += step.input.text.length;
      const after = linter.lint(step.input);
      if (
        !isBetter(result.diagnostics, after.diagnostics) ||
        isWorse(start.result.diagnostics, after.diagnostics)
      )
        continue;
      next = { ...step, result: after };
      break;
    }
    if (next === undefined) break;
    applied.push(...next.applied);
    ({ input, result } = next);
    ignoreText = next.ignoreText ?? ignoreText;
  }
  return { input, ignoreText, applied, passes, result };
}

function stateOf(input: LintInput): string {
  return `${input.text}\0${input.context?.ignoreFile?.text ?? ""}`;
}
