/** What must hold of dflint for every text, however broken. */
import * as fc from "fast-check";
import { fix, Linter, rules, type Diagnostic, type LintResult, type Span } from "dflint";
import { fixtureTexts } from "../fixtures.ts";
import { arbitraryDockerfile } from "./dockerfiles.ts";

/** How long, and from where. */
export interface FuzzOptions {
  readonly runs: number;
  /** The same seed gives the same texts. */
  readonly seed: number;
}

/** What was found: the first text, made as small as possible, for which something does not hold. */
export interface FuzzFailure {
  readonly text: string;
  readonly what: string;
}

const linters = {
  strict: new Linter(rules, { preset: "strict" }),
  hadolint: new Linter(rules, { preset: "hadolint" }),
  buildkit: new Linter(rules, { preset: "buildkit" }),
};
type Tried = keyof typeof linters;

/** Tries texts until one fails. */
export function fuzzLint({ runs, seed }: FuzzOptions): FuzzFailure | undefined {
  const { good, edge, bad } = fixtureTexts();
  const texts = arbitraryDockerfile([...good, ...edge, ...bad]);
  const property = fc.property(texts, fc.nat(19), (text, dice) => {
    const wrong = wrongWith(text, dice);
    if (wrong !== undefined) throw new Error(wrong);
  });
  const { failed, counterexample, errorInstance } = fc.check(property, { numRuns: runs, seed });
  if (!failed || counterexample === null) return undefined;
  const [text] = counterexample;
  return { text, what: errorInstance instanceof Error ? errorInstance.message : String(errorInstance) };
}

/** What does not hold for a text; `dice` chooses the preset, and whether to fix, too. */
function wrongWith(text: string, dice: number): string | undefined {
  const preset = dice % 10 === 0 ? "hadolint" : dice % 10 === 1 ? "buildkit" : "strict";
  const result = linters[preset].lint({ text });
  return wrongIn(result, text) ?? (dice < 5 ? wrongInFixes(text, preset) : undefined);
}

function wrongIn({ diagnostics, failedRules }: LintResult, text: string): string | undefined {
  if (failedRules.length > 0) {
    const { message } = diagnostics.find(({ rule }) => rule === "DFL900") ?? { message: "" };
    return `${failedRules.join(", ")} failed: ${message}`;
  }
  for (const diagnostic of diagnostics) {
    const wrong = wrongPlace(diagnostic, text);
    if (wrong !== undefined) return `${diagnostic.rule}: ${wrong}`;
  }
  return undefined;
}

function wrongPlace({ span, related, fixes, message }: Diagnostic, text: string): string | undefined {
  const isInside = ({ start, end }: Span): boolean =>
    Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= text.length;
  if (!isInside(span)) return `the place ${span.start}–${span.end} is not in the text`;
  if (!related.every((one) => isInside(one.span))) return "a related place is not in the text";
  if (message.trim() === "") return "the message is empty";
  for (const { edits, title, target } of fixes) {
    if (target === "dockerignore") continue;
    if (!edits.every((edit) => isInside(edit.span))) return `"${title}" edits what is not in the text`;
    const sorted = [...edits].sort((left, right) => left.span.start - right.span.start);
    for (const [index, edit] of sorted.entries()) {
      const next = sorted[index + 1];
      if (next !== undefined && edit.span.end > next.span.start) return `the edits of "${title}" overlap`;
    }
  }
  return undefined;
}

function wrongInFixes(text: string, preset: Tried): string | undefined {
  const request = { text, preset, applicability: "unsafe" } as const;
  const { dockerfile } = linters[preset].lint({ text });
  const once = fix(request);
  const wrong = wrongIn(once.result, once.text);
  if (wrong !== undefined) return `after fixes: ${wrong}`;
  if (once.result.dockerfile.problems.length > dockerfile.problems.length) return "fixes break the syntax";
  const again = fix({ ...request, text: once.text });
  if (again.text === once.text) return undefined;
  return `fixes are not done after one run:\n${once.text}\n---\n${again.text}`;
}
