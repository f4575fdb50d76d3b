/** Fixes one file with an engine as the judge: what does not verify is left out. */
import type { Applicability, Diagnostic, Fix } from "../../linter/diagnostic.ts";
import type { AppliedFix } from "../../linter/fix-step.ts";
import {
  applyOneFix,
  beforeFixes,
  fixAll,
  isBolder,
  type FileLinter,
  type FixOptions,
  type FixProgress,
  type FixResult,
} from "../../linter/fixer.ts";
import type { LintInput, LintResult } from "../../linter/linter.ts";
import { holds, type Verification } from "../../linter/facts/verification.ts";
import type { Judge } from "./verify.ts";

/** A fix and what the engine says of it. */
export interface JudgedFix extends AppliedFix {
  readonly verification: Verification;
  /** Whether it is in the text; where not, the reason is in the verification. */
  readonly kept: boolean;
  /** Whether it is of a kind that was asked for; bolder ones are tried since each is checked. */
  readonly asked: boolean;
}

/** What fixing one file gave. */
export interface VerifiedFixes extends FixResult {
  /** The file as it was, with the verdicts at its fixes. */
  readonly original: LintResult;
  /** In the order of the trials. */
  readonly judged: readonly JudgedFix[];
  /** The original against the text with all that is kept; undefined where nothing is. */
  readonly verification: Verification | undefined;
}

/**
 * Applies the safe fixes together, or one by one where together they do not verify; then each bolder one by itself. The
 * findings that are left carry in their fixes what was tried of them.
 */
export async function verifyFixes(
  linter: FileLinter,
  input: LintInput,
  options: FixOptions,
  judge: Judge,
): Promise<VerifiedFixes> {
  const trials = new Trials(linter, input, options, judge);
  if (await trials.takeSafe()) {
    await trials.tryEach(["safe"]);
    await trials.tryEach(["safe", "suggestion", "unsafe"]);
  }
  return trials.result();
}

/** Fixes on trial, and the file as far as they hold. */
class Trials {
  readonly #linter: FileLinter;
  readonly #options: FixOptions;
  readonly #judge: Judge;
  readonly #original: FixProgress;
  readonly #judged: JudgedFix[] = [];
  /** By finding and fix. */
  readonly #verdicts = new Map<string, Verification>();
  /** What is not to be tried again: it did not hold, or made the file no better. What holds is gone, and its name free. */
  readonly #left = new Set<string>();
  #state: FixProgress;
  /** Of the state. */
  #verification: Verification | undefined;

  constructor(linter: FileLinter, input: LintInput, options: FixOptions, judge: Judge) {
    this.#linter = linter;
    this.#options = options;
    this.#judge = judge;
    this.#original = beforeFixes(linter, input);
    this.#state = this.#original;
  }

  /** Tries all safe fixes at once; false where the file does not build as it is, so that nothing can be proved. */
  async takeSafe(): Promise<boolean> {
    const safe = fixAll(this.#linter, this.#original.input, { ...this.#options, applicability: "safe" });
    if (safe.applied.length === 0) return true;
    const verification = await this.#verify(safe, "with the safe fixes");
    const kept = holds(verification.verdict);
    const isUnbuildable = verification.failure?.of === "original";
    // Otherwise each will have a verdict of its own.
    if (!kept && !isUnbuildable) return true;
    for (const fix of safe.applied) this.#judged.push({ ...fix, verification, kept, asked: true });
    for (const { diagnostic, fix } of this.#fixesOf(this.#original.result)) {
      const isApplied = safe.applied.some(
        ({ rule, title }) => rule === diagnostic.rule && title === fix.title,
      );
      if (isApplied) this.#verdicts.set(keyOf(diagnostic, fix), verification);
    }
    if (kept) this.#keep(safe, verification);
    return !isUnbuildable;
  }

  /** Tries fixes one by one on what holds so far, until there is none that was not tried. */
  async tryEach(kinds: readonly Applicability[]): Promise<void> {
    for (let next = this.#next(kinds); next !== undefined; next = this.#next(kinds)) {
      const { diagnostic, fix, after } = next;
      const verification = await this.#verify(after, `with ${diagnostic.rule}: ${fix.title}`);
      const kept = holds(verification.verdict);
      const { title, applicability } = fix;
      const { rule, name } = diagnostic;
      const asked = !isBolder(applicability, this.#options.applicability ?? "safe");
      const key = keyOf(diagnostic, fix);
      this.#verdicts.set(key, verification);
      if (!kept) this.#left.add(key);
      this.#judged.push({ rule, name, title, applicability, verification, kept, asked });
      if (kept) this.#keep(after, verification);
      if (verification.failure?.of === "original") return;
    }
  }

  /** What came of it, with the verdicts at the fixes. */
  result(): VerifiedFixes {
    const { input, result, ignoreText, applied, passes } = this.#state;
    return {
      text: input.text,
      ignoreText,
      applied,
      passes,
      result: this.#withVerdicts(result),
      original: this.#withVerdicts(this.#original.result),
      judged: this.#judged,
      verification: this.#verification,
    };
  }

  /** The next fix that was not tried, and what the file becomes by it. */
  #next(
    kinds: readonly Applicability[],
  ): { readonly diagnostic: Diagnostic; readonly fix: Fix; readonly after: FixProgress } | undefined {
    const { never = [], only } = this.#options;
    for (const { diagnostic, fix } of this.#fixesOf(this.#state.result)) {
      const key = keyOf(diagnostic, fix);
      const { rule } = diagnostic;
      if (this.#left.has(key) || !kinds.includes(fix.applicability)) continue;
      if (never.includes(rule) || only?.includes(rule) === false) continue;
      const after = applyOneFix(this.#linter, this.#state, diagnostic, fix);
      if (after !== undefined) return { diagnostic, fix, after };
      this.#left.add(key);
    }
    return undefined;
  }

  #fixesOf({ diagnostics }: LintResult): readonly { readonly diagnostic: Diagnostic; readonly fix: Fix }[] {
    return diagnostics
      .filter(({ suppressed }) => suppressed === undefined)
      .flatMap((diagnostic) => diagnostic.fixes.map((fix) => ({ diagnostic, fix })));
  }

  /** Against the original; the bytes are those since the last fix that was kept. */
  async #verify({ input, ignoreText }: FixProgress, what: string): Promise<Verification> {
    const verification = await this.#judge.verify({ text: input.text, ignoreText, what });
    const { bytes } = verification;
    const before = this.#verification?.bytes?.after;
    return bytes === undefined || before === undefined
      ? verification
      : { ...verification, bytes: { before, after: bytes.after } };
  }

  #keep(state: FixProgress, verification: Verification): void {
    const { bytes } = verification;
    const before = this.#verification?.bytes?.before;
    this.#state = state;
    this.#verification =
      bytes === undefined || before === undefined
        ? verification
        : { ...verification, bytes: { before, after: bytes.after } };
  }

  #withVerdicts(result: LintResult): LintResult {
    const diagnostics = result.diagnostics.map((diagnostic) => ({
      ...diagnostic,
      fixes: diagnostic.fixes.map((fix) => {
        const verification = this.#verdicts.get(keyOf(diagnostic, fix));
        return verification === undefined ? fix : { ...fix, verification };
      }),
    }));
    return { ...result, diagnostics };
  }
}

/** The same for a finding and its fix wherever other fixes move it to. */
function keyOf({ target, fingerprint }: Diagnostic, { title }: Fix): string {
  return `${target} ${fingerprint} ${title}`;
}
