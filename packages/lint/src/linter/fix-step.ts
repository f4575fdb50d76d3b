/** One step of fixing: some fixes applied to a file at once. */
import { applyEdits, type Edit } from "../source/edit.ts";
import { EditSet } from "../source/edit-set.ts";
import { parseDockerfile } from "../syntax/parser.ts";
import { contextFacts, type ContextFacts } from "./facts/context-facts.ts";
import type { Applicability, Diagnostic, Fix, Target } from "./diagnostic.ts";
import type { LintInput } from "./linter.ts";

/** A fix that was applied. */
export interface AppliedFix {
  readonly rule: string;
  readonly name: string;
  readonly title: string;
  readonly applicability: Applicability;
}

/** Whether a fix of a rule is to be applied. */
export type Wanted = (fix: Fix, rule: string) => boolean;

/** A fix that is to be applied. */
export interface ChosenFix {
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
  readonly target: Target;
}

/** The first wanted fix of each finding, leaving out those that want the same characters as an earlier one. */
export function chooseFixes(diagnostics: readonly Diagnostic[], isWanted: Wanted): ChosenFix[] {
  const chosen: ChosenFix[] = [];
  const taken: Record<Target, EditSet> = { dockerfile: new EditSet(), dockerignore: new EditSet() };
  for (const diagnostic of diagnostics) {
    if (diagnostic.suppressed !== undefined) continue;
    const fix = diagnostic.fixes.find((one) => isWanted(one, diagnostic.rule));
    if (fix === undefined) continue;
    const target = fix.target ?? "dockerfile";
    if (taken[target].add(fix.edits)) chosen.push({ diagnostic, fix, target });
  }
  return chosen;
}

/** The file after a step. */
export interface FixStep {
  readonly input: LintInput;
  readonly ignoreText: string | undefined;
  readonly applied: readonly AppliedFix[];
}

/** Applies all at once, or, where together they break the file, the first that does not; the others wait for the next pass. */
export function applyChosen(
  input: LintInput,
  chosen: readonly ChosenFix[],
  problems: number,
): FixStep | undefined {
  if (chosen.length === 0) return undefined;
  const whole = tryFixes(input, chosen, problems);
  if (whole !== undefined || chosen.length === 1) return whole;
  for (const one of chosen) {
    const step = tryFixes(input, [one], problems);
    if (step !== undefined) return step;
  }
  return undefined;
}

/** The next state, or undefined where the edits are at odds or the text would parse worse than before. */
export function tryFixes(
  input: LintInput,
  chosen: readonly ChosenFix[],
  problems: number,
): FixStep | undefined {
  const edits = (target: Target): Edit[] =>
    chosen.filter((one) => one.target === target).flatMap(({ fix }) => fix.edits);
  const [own, ignore] = [edits("dockerfile"), edits("dockerignore")];
  const text = applyEdits(input.text, own);
  const ignoreText =
    ignore.length === 0 ? undefined : applyEdits(input.context?.ignoreFile?.text ?? "", ignore);
  if (text === input.text && ignoreText === undefined) return undefined;
  if (parseDockerfile(text).problems.length > problems) return undefined;
  const context = ignoreText === undefined ? input.context : withIgnoreText(input.context, ignoreText);
  const applied = chosen.map(({ diagnostic: { rule, name }, fix: { title, applicability } }) => ({
    rule,
    name,
    title,
    applicability,
  }));
  return { input: { ...input, text, context }, ignoreText, applied };
}

function withIgnoreText(context: ContextFacts | undefined, text: string): ContextFacts | undefined {
  if (context === undefined) return undefined;
  return contextFacts({
    ...context.source,
    ignoreFile: { path: context.ignoreFile?.path ?? ".dockerignore", text },
  });
}
