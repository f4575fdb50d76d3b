/**
 * dflint as a library: text in, diagnostics out. Nothing here reads files, the network, the clock or the environment.
 *
 * ```ts
 * import { lint } from "dflint";
 * for (const { rule, message } of lint({ text: "FROM alpine\n" }).diagnostics) console.log(rule, message);
 * ```
 */
import { fixText, type FixOptions, type FixResult } from "./linter/fixer.ts";
import { Linter, type LinterOptions, type LintInput, type LintResult } from "./linter/linter.ts";
import { rules } from "./rules/index.ts";

export { parseDockerfile } from "./syntax/parser.ts";
export { print } from "./syntax/print.ts";
export { analyse } from "./semantics/analyse.ts";
export { contextFacts, sentBelow } from "./linter/facts/context-facts.ts";
export { PRESETS, RULESETS } from "./linter/presets.ts";
export { defineRule } from "./linter/rule.ts";
export { RuleNames } from "./linter/rule-names.ts";
export { SourceFile } from "./source/source-file.ts";
export { applyEdits } from "./source/edit.ts";
export { Linter, rules };

export type { RuleSelection, RuleSetting } from "./linter/active-rules.ts";
export type {
  ContextEntry,
  ContextFacts,
  ContextSource,
  FolderListing,
  IgnoreFile,
} from "./linter/facts/context-facts.ts";
export type {
  Applicability,
  Category,
  Diagnostic,
  Fix,
  Level,
  Related,
  Severity,
  Suppression,
  Target,
} from "./linter/diagnostic.ts";
export type {
  BuildFacts,
  EngineFacts,
  HiddenFacts,
  LayerFacts,
  ListeningFacts,
  StopFacts,
} from "./linter/facts/engine-facts.ts";
export type { AppliedFix, FixOptions, FixResult } from "./linter/fixer.ts";
export type { LinterOptions, LintInput, LintResult } from "./linter/linter.ts";
export type {
  Harmlessness,
  ImageDifference,
  Verdict,
  Verification,
  VerificationFailure,
} from "./linter/facts/verification.ts";
export type { Preset } from "./linter/presets.ts";
export type {
  Levels,
  OptionSchema,
  OptionsSchema,
  OptionValues,
  Report,
  Rule,
  RuleContext,
  RuleDefinition,
  RuleDocs,
  Scope,
  Settings,
  Visitors,
} from "./linter/rule.ts";
export type { InlineOptions } from "./linter/comments/mute.ts";
export type { BuilderFacts } from "./semantics/builder.ts";
export type { ImageFacts } from "./semantics/images/image-facts.ts";
export type { AnalyseOptions, Model, Stage, State } from "./semantics/model.ts";
export type { Edit } from "./source/edit.ts";
export type { Position } from "./source/source-file.ts";
export type { Span } from "./source/span.ts";
export type { Dockerfile, Instruction, Problem, Word } from "./syntax/nodes.ts";

/** What {@link lint} and {@link fix} take: the text, what is known about it, and how to lint. */
export interface LintRequest extends LinterOptions, LintInput {}

/**
 * Lints a Dockerfile. By default with the rules of the preset `recommended`; without `context`, rules about the build
 * context have nothing to look at. For many files make one {@link Linter} and use it for all of them.
 * Never throws for what the text holds: a file that does not parse has a finding that says so.
 */
export function lint(request: LintRequest): LintResult {
  return new Linter(rules, request).lint(request);
}

/**
 * Lints a Dockerfile and applies fixes, safe ones unless `applicability` says otherwise, until nothing is left to fix
 * (at most 10 times). Returns the new text and what is left to a person.
 */
export function fix(request: LintRequest & FixOptions): FixResult {
  return fixText(new Linter(rules, request), request, request);
}
