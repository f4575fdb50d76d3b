/**
 * What a rule is. A rule is one file, `src/rules/dflNNN-name.ts`, that exports `rule`. Its tests, its page, the
 * config schema and `dflint explain` are derived from it.
 *
 * How to write one:
 * 1. `npm run new-rule -- DFL402 pip-no-cache` writes the file, with its place in the index and the docs; after a change
 *    of its docs `npm run generate` writes those anew.
 * 2. State in `docs` what it costs (`why`) and show it: in `bad` examples `⟦…⟧` stands around exactly what the
 *    rule reports, once for each diagnostic; `fixed` is the text after its fixes. `good` examples must report
 *    nothing. One test runs all of them (`rules.test.ts`).
 * 3. Visit instructions by keyword (`RUN(run, context)`), the end of each `stage` or of the `file`, or the `ignoreFile`
 *    of the context. ONBUILD is already unwrapped: the inner instruction is visited as if it stood in the stage, with
 *    its `onbuild` set.
 * 4. `context.report({ at, message, fixes })`. The message says what is wrong, why it costs and what to do, and names
 *    the concrete package, path or instruction. Report the exact word, never a whole RUN.
 * 5. A rule does no I/O, keeps no state between files, imports neither another rule nor anything but `linter/`,
 *    `semantics/`, `shell/`, `syntax/` and `source/`.
 */
import type { Edit } from "../source/edit.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import type { Model, ShellState, Stage } from "../semantics/model.ts";
import type { Script } from "../shell/script.ts";
import type { Dockerfile, Instruction, InstructionOf, Keyword } from "../syntax/nodes.ts";
import type { ContextFacts, IgnoreFile } from "./facts/context-facts.ts";
import type { Applicability, Category, Level, Related, Severity, Target } from "./diagnostic.ts";
import type { EngineFacts } from "./facts/engine-facts.ts";
import type { ExampleEngine } from "./example-engine.ts";
import type { HistoryFacts } from "./facts/history-facts.ts";
import type { RegistryFacts } from "./facts/registry-facts.ts";
import type { ShellChecker } from "./facts/shell-checker.ts";

/** An option of a rule, as data: the config schema and the rule's page are made from it. */
export type OptionSchema =
  | { readonly type: "boolean"; readonly default: boolean; readonly description: string }
  | { readonly type: "integer"; readonly default: number; readonly description: string }
  | {
      readonly type: "string";
      readonly default: string;
      readonly values?: readonly string[];
      readonly description: string;
    }
  | { readonly type: "strings"; readonly default: readonly string[]; readonly description: string };

/** The options of a rule by name, in kebab-case as in `.dflint.yaml`. */
export type OptionsSchema = Readonly<Record<string, OptionSchema>>;

/** The values that a schema allows. */
export type OptionValues<Schema extends OptionsSchema> = {
  readonly [Name in keyof Schema]: Schema[Name]["default"] extends boolean
    ? boolean
    : Schema[Name]["default"] extends number
      ? number
      : Schema[Name]["default"] extends string
        ? string
        : readonly string[];
};

/**
 * The levels of a rule, by preset. `strict` defaults to the recommended one, or to `warning` where that is `off`.
 * `hadolint` is what hadolint gives to the rule's DL aliases, by alias if they differ; without one the rule is
 * off there. With preset `buildkit` every rule that has a BuildKit alias is a warning.
 */
export interface Levels {
  readonly recommended: Level;
  readonly strict?: Level;
  readonly hadolint?: Level | Readonly<Record<string, Level>>;
  /** For a rule without BuildKit alias that preset `buildkit` needs all the same: what stops the build. */
  readonly buildkit?: Level;
}

/**
 * The stages that a rule looks at: `shipped` is the final stage (or `--target`) and the stages it is based on;
 * `reachable` adds those it copies or mounts from; `all` adds dead ones and what stands before the first FROM.
 */
export type Scope = "shipped" | "reachable" | "all";

/** An example that reports something. */
export interface BadExample {
  /** Why this one, if it is not plain; shown on the rule's page. */
  readonly title?: string;
  /** With `⟦…⟧` around each reported range. */
  readonly dockerfile: string;
  /** The text after all fixes of the rule, unsafe ones too; absent where no fix is offered. */
  readonly fixed?: string;
  /** Files of the context: their text, or their size in bytes. A context exists only where this is given. */
  readonly files?: Readonly<Record<string, string | number>>;
  /** The `.dockerignore` with `⟦…⟧` around what is reported there; wins over `files`. */
  readonly dockerignore?: string;
  /** The `.dockerignore` after all fixes. */
  readonly fixedDockerignore?: string;
  readonly options?: Readonly<Record<string, boolean | number | string | readonly string[]>>;
  readonly settings?: Partial<Settings>;
  /** What ShellCheck says: each finding at every place where the shell code holds `at`, mended by `newText`. */
  readonly shellFindings?: readonly {
    readonly code: string;
    readonly severity: Severity;
    readonly message: string;
    readonly at: string;
    readonly newText?: string;
  }[];
  /** The digests of images by reference, as their registries tell them. */
  readonly registry?: Readonly<Record<string, string>>;
  /** The paths that each commit of the past changed. */
  readonly history?: readonly (readonly string[])[];
  /** What an engine says. */
  readonly engine?: ExampleEngine;
  /** Other rules that run, too. By default the rule is alone, so that its example can be read alone. */
  readonly with?: readonly string[];
}

/** An example that reports nothing. */
export type GoodExample = Pick<
  BadExample,
  | "title"
  | "dockerfile"
  | "files"
  | "dockerignore"
  | "options"
  | "settings"
  | "shellFindings"
  | "registry"
  | "history"
  | "engine"
  | "with"
>;

/** The prose of a rule. It is read by the docs, `explain` and the tests, never while linting. */
export interface RuleDocs {
  /** Markdown: what the pattern costs, and what to do. */
  readonly why: string;
  /** Markdown: what an engine adds to it. */
  readonly engine?: string;
  readonly bad: readonly BadExample[];
  readonly good: readonly GoodExample[];
}

/** A fix as a rule offers it; see `Fix`, with the applicability defaulting to that of the rule. */
export interface OfferedFix {
  readonly title: string;
  readonly edits: readonly Edit[];
  readonly applicability?: Applicability;
  readonly target?: Target;
}

/** What a rule reports. */
export interface Report {
  /** The exact word or words. */
  readonly at: Span;
  readonly message: string;
  readonly fixes?: readonly OfferedFix[];
  readonly related?: readonly Related[];
  /** What was counted or measured, one sentence each. */
  readonly evidence?: readonly string[];
  /** Where `at` lies: default `dockerfile`. */
  readonly target?: Target;
  /** Which of the rule's aliases this finding is, where a rule stands for several; default all. */
  readonly aliases?: readonly string[];
  /** How bad this one is, where that is milder than the rule's level; a level of its alias wins. */
  readonly severity?: Severity;
  /** The stage, where the rule reports from `file()` about one. Default: the one being visited. */
  readonly stage?: Stage;
  /** The instruction, where the rule reports from `stage()` or `file()`. Default: the one being visited. */
  readonly instruction?: Instruction;
}

/** What the project says about itself in `.dflint.yaml`, beside the rules' own options. */
export interface Settings {
  /** Registries that images may come from, `*` as a wildcard; empty means any. */
  readonly trustedRegistries: readonly string[];
  readonly labels: {
    /** Label keys and their types: text, url, semver, hash, rfc3339, spdx, email. */
    readonly required: Readonly<Record<string, string>>;
    /** Whether other labels are refused. */
    readonly strict: boolean;
  };
  /** Names of the stages that are built on their own: `public` ones ship, `dev` ones do not. */
  readonly stages: { readonly public: readonly string[]; readonly dev: readonly string[] };
}

/** What a rule sees while it visits a node. It holds during that visit only: a rule keeps no state. */
export interface RuleContext<Schema extends OptionsSchema = OptionsSchema> {
  readonly source: SourceFile;
  readonly dockerfile: Dockerfile;
  /** Stages, scopes, values and what else follows from the text. */
  readonly model: Model;
  /** The stage being visited, or undefined before the first FROM and in `file()`. */
  readonly stage: Stage | undefined;
  readonly options: OptionValues<Schema>;
  readonly settings: Settings;
  /** The build context's folder, where it is known. */
  readonly context: ContextFacts | undefined;
  /** Set where another linter's verdicts are wanted, and they differ from what the rule says otherwise. */
  readonly compat: "hadolint" | "buildkit" | undefined;
  /** What registries say of base images, where they were asked. */
  readonly registry: RegistryFacts | undefined;
  /** What past commits changed, where that was asked for. */
  readonly history: HistoryFacts | undefined;
  /** What an engine says, where one was asked. */
  readonly engine: EngineFacts | undefined;
  /** ShellCheck, where it is there and wanted. */
  readonly shellChecker: ShellChecker | undefined;
  /**
   * The commands of a RUN, CMD, ENTRYPOINT or HEALTHCHECK, parsed once for all rules; see its `form` for exec form.
   * Undefined where there are none, or where the shell in effect is not POSIX-like.
   * @param mention what a script holds, as it is written, where it is of interest to the rule: the name of a program.
   *   Others need not be parsed, and are undefined, too. Default: every script is.
   */
  script(instruction: Instruction, mention?: RegExp): Script | undefined;
  /** The shell of an instruction in shell form. Unlike the model's, it heeds `# dflint shell=` and `# hadolint shell=`. */
  shell(instruction: Instruction): ShellState;
  report(report: Report): void;
}

/** The functions that visit a file. */
export type Visitors<Schema extends OptionsSchema = OptionsSchema> = {
  readonly [Name in Keyword]?: (node: InstructionOf<Name>, context: RuleContext<Schema>) => void;
} & {
  /** Every instruction, known or not, ONBUILD's inner one included. */
  readonly instruction?: (node: Instruction, context: RuleContext<Schema>) => void;
  /** After the last instruction of a stage in scope. */
  readonly stage?: (stage: Stage, context: RuleContext<Schema>) => void;
  /** After everything, once, whatever the scope. */
  readonly file?: (dockerfile: Dockerfile, context: RuleContext<Schema>) => void;
  /**
   * The ignore file of the context, where there is one. It may be linted by itself: then the Dockerfile is empty, and
   * nothing else is visited.
   */
  readonly ignoreFile?: (ignoreFile: IgnoreFile, context: RuleContext<Schema>) => void;
};

/** A rule as its author writes it. */
export interface RuleDefinition<Schema extends OptionsSchema = OptionsSchema> {
  /** `DFL` and three digits; the hundred is the topic. Never reused. */
  readonly code: `DFL${number}`;
  /** The bad pattern in kebab-case. */
  readonly name: string;
  /** hadolint codes (DL3042) and BuildKit names (StageNameCasing) of the same check. */
  readonly aliases?: readonly string[];
  /** Codes of another tool that all are this rule, as `SC` and four digits are. */
  readonly aliasPattern?: RegExp;
  /** What the rule cannot work without: where that is missing, it does not run. */
  readonly needs?: "shellcheck" | "registry" | "history";
  /** From which `--engine` on an engine makes it more exact; absent where none does. */
  readonly engine?: "read" | "build" | "run";
  readonly category: Category;
  /** One level for recommended and strict, or one for each preset. */
  readonly severity: Level | Levels;
  readonly scope: Scope;
  /** The applicability of its fixes; absent where it has none. */
  readonly fix?: Applicability;
  /** The ruleset that it belongs to; one that is not in a ruleset yet is `preview`. Default `2026-11`. */
  readonly since?: string;
  /** One line, as a statement of what it finds. */
  readonly summary: string;
  readonly options?: Schema;
  /** Whether it visits what ONBUILD holds; default true. */
  readonly onbuild?: boolean;
  /** A function, so that linting does not pay for the prose. */
  readonly docs: () => RuleDocs;
  readonly visit: Visitors<Schema>;
}

/** A rule, ready to run. */
export interface Rule extends Required<
  Omit<RuleDefinition, "severity" | "fix" | "aliasPattern" | "needs" | "engine">
> {
  readonly severity: Levels;
  readonly aliasPattern: RegExp | undefined;
  readonly needs: RuleDefinition["needs"];
  readonly engine: RuleDefinition["engine"];
  readonly fix: Applicability | undefined;
}

/** The ruleset that rules belong to unless they say otherwise. */
export const FIRST_RULESET = "2026-11";

/** Makes a rule of its definition, filling in the defaults. */
export function defineRule<const Schema extends OptionsSchema>(definition: RuleDefinition<Schema>): Rule {
  const { severity } = definition;
  const rule = {
    aliases: [],
    since: FIRST_RULESET,
    options: {},
    onbuild: true,
    fix: undefined,
    aliasPattern: undefined,
    needs: undefined,
    engine: undefined,
    ...definition,
    severity: typeof severity === "string" ? { recommended: severity } : severity,
  };
  // The options that reach the visitors are checked against this rule's own schema, so the schema's type may be forgotten.
  return rule as unknown as Rule;
}

/**
 * A Dockerfile written in a template: the first and the last line break are dropped, and so is the indentation that
 * all lines share. Backslashes are kept as they stand, but for the two that TypeScript needs: write `\${NAME}` and
 * `` \` ``.
 */
export function dockerfile(template: TemplateStringsArray): string {
  const lines = (template.raw[0] ?? "").replace(/\\(?=\$\{|`)/g, "").split("\n");
  if (lines[0]?.trim() === "") lines.shift();
  if (lines.at(-1)?.trim() === "") lines.pop();
  const indents = lines
    .filter((line) => line.trim() !== "")
    .map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return `${lines.map((line) => line.slice(indent)).join("\n")}\n`;
}
