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

export { Linter, rules };

// Texts, their places and edits.
export { applyEdits, EditConflictError } from "./source/edit.ts";
export { SourceFile } from "./source/source-file.ts";
export type { Edit } from "./source/edit.ts";
export type { Position } from "./source/source-file.ts";
export type { Span } from "./source/span.ts";

// What a Dockerfile says.
export { parseDockerfile } from "./syntax/parser.ts";
export { print } from "./syntax/print.ts";
export type { LogicalText } from "./syntax/logical-text.ts";
export type {
  AddInstruction,
  ArgDeclaration,
  ArgInstruction,
  CmdInstruction,
  Comment,
  CopyInstruction,
  CopyLikeInstruction,
  Directive,
  Dockerfile,
  EntrypointInstruction,
  EnvInstruction,
  EscapeCharacter,
  ExposeInstruction,
  Flag,
  FromInstruction,
  HealthcheckInstruction,
  Heredoc,
  Instruction,
  InstructionBase,
  InstructionOf,
  Keyword,
  KeyValue,
  LabelInstruction,
  MaintainerInstruction,
  Mount,
  MountOption,
  OnbuildInstruction,
  Problem,
  RunInstruction,
  ShellInstruction,
  StopsignalInstruction,
  UnknownInstruction,
  UserInstruction,
  VolumeInstruction,
  Word,
  WorkdirInstruction,
} from "./syntax/nodes.ts";
export type { ProblemCode } from "./syntax/problem.ts";
export type {
  Joiner,
  Script,
  ShellAssignment,
  ShellBlock,
  ShellCommand,
  ShellPipeline,
  ShellProblem,
  ShellRedirect,
  ShellWord,
} from "./shell/nodes.ts";

// What it means.
export { analyse } from "./semantics/analyse.ts";
export type {
  AnalyseOptions,
  Base,
  BaseImage,
  Dependency,
  Dialect,
  Expansion,
  Family,
  Model,
  Setting,
  ShellState,
  Stage,
  State,
  Variable,
  VariableUse,
} from "./semantics/model.ts";

// Linting.
export { fixText } from "./linter/fixer.ts";
export { PRESETS, RULESETS } from "./linter/presets.ts";
export { RuleNames } from "./linter/rule-names.ts";
export type { ActiveRule, ActiveRules, RuleSelection, RuleSetting } from "./linter/active-rules.ts";
export type { InlineOptions } from "./linter/comments/mute.ts";
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
export type { AppliedFix } from "./linter/fix-step.ts";
export type { FileLinter, FixOptions, FixResult } from "./linter/fixer.ts";
export type { LinterOptions, LintInput, LintResult } from "./linter/linter.ts";
export type { Preset } from "./linter/presets.ts";
export type { NamedRule } from "./linter/rule-names.ts";

// What is known beside the text.
export { contextFacts, sentBelow } from "./linter/facts/context-facts.ts";
export type {
  ContextEntry,
  ContextFacts,
  ContextSource,
  FolderListing,
  IgnoreFile,
} from "./linter/facts/context-facts.ts";
export type {
  BuildFacts,
  EngineFacts,
  HiddenFacts,
  LayerFacts,
  ListeningFacts,
  StopFacts,
} from "./linter/facts/engine-facts.ts";
export type { CheaperOrder, HistoryFacts, OrderedInstruction } from "./linter/facts/history-facts.ts";
export type { RegistryFacts, ResolvedImage } from "./linter/facts/registry-facts.ts";
export type {
  CheckedScript,
  GivenVariable,
  ShellChecker,
  ShellFinding,
} from "./linter/facts/shell-checker.ts";
export type {
  Harmlessness,
  ImageDifference,
  Verdict,
  Verification,
  VerificationFailure,
} from "./linter/facts/verification.ts";
export type { BuilderFacts } from "./semantics/builder.ts";
export type { FrontendVersion } from "./semantics/frontend.ts";
export type { ImageFacts } from "./semantics/images/image-facts.ts";
export type { ImageReference } from "./semantics/images/image-reference.ts";

// Rules of your own.
export { defineRule } from "./linter/rule.ts";
export type { ExampleEngine, ExampleImage, ExampleLayer } from "./linter/example-engine.ts";
export type {
  BadExample,
  GoodExample,
  Levels,
  OfferedFix,
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

/** What {@link lint} and {@link fix} take: the text, what is known about it, and how to lint. Only `text` has to be given. */
export interface LintRequest extends LinterOptions, LintInput {}

/**
 * Lints a Dockerfile: by default with the rules of the preset `recommended`, and by its text alone.
 * For many files make one {@link Linter}: it prepares the rules once.
 * @returns findings in order of place, with what was read of the file.
 * @throws never for what the text holds: a file that does not parse has a finding that says so.
 */
export function lint(request: LintRequest): LintResult {
  return new Linter(rules, request).lint(request);
}

/**
 * Lints a Dockerfile and applies fixes, by default safe ones, until none is left to apply.
 * For many files make one {@link Linter}, and use {@link fixText}.
 * @returns the new text, what was applied, and what is left to a person.
 * @throws never for what the text holds: fixes that would make a file parse worse are not applied.
 */
export function fix(request: LintRequest & FixOptions): FixResult {
  return fixText(new Linter(rules, request), request, request);
}
