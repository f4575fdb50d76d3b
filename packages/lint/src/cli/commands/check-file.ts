/** Lints (and fixes) one file with the configuration that holds for it. */
import { dirname, join } from "node:path";
import type { Config } from "../../config/config.ts";
import { ConfiguredLinters, type LinterOverlay } from "../../config/for-file.ts";
import type { ConfigLoader } from "../../config/load.ts";
import type { ContextFolders } from "../../files/context.ts";
import { FileError, type FileText } from "../../files/read.ts";
import { writeText } from "../../files/write.ts";
import type { ContextFacts } from "../../linter/context-facts.ts";
import type { Applicability, Diagnostic } from "../../linter/diagnostic.ts";
import { fixText } from "../../linter/fixer.ts";
import type { Linter, LintInput, LintResult } from "../../linter/linter.ts";
import type { Rule } from "../../linter/rule.ts";
import type { RuleNames } from "../../linter/rule-names.ts";
import type { FileReport } from "../../report/report.ts";
import { SourceFile } from "../../source/source-file.ts";

/** What linting needs, beside the file. */
export interface FileCheckerOptions {
  readonly loader: ConfigLoader;
  readonly rules: readonly Rule[];
  readonly names: RuleNames;
  readonly overlay: LinterOverlay;
  readonly contexts: ContextFolders;
  /** `--context`. */
  readonly context: string | undefined;
  /** The boldest fixes to apply; undefined applies none. */
  readonly fix: Applicability | undefined;
}

/** One file, linted. */
export interface CheckedFile {
  readonly config: Config;
  /** The file's report; and its ignore file's, where something is wrong in that one. */
  readonly reports: readonly FileReport[];
  readonly suppressed: number;
  readonly failedRules: readonly string[];
  /** The text after fixes, where fixes were asked for. */
  readonly fixed: string | undefined;
}

/** Lints files one by one, keeping what they share. */
export class FileChecker {
  /** What is in configurations and has no effect; each once. */
  readonly warnings: Set<string> = new Set();
  readonly #options: FileCheckerOptions;
  readonly #linters = new Map<Config, ConfiguredLinters>();
  /** Findings in ignore files that several Dockerfiles share are told once. */
  readonly #told = new Set<string>();

  constructor(options: FileCheckerOptions) {
    this.#options = options;
  }

  /** Lints a file. `path` need not exist: it says where configuration and context are looked for. */
  async check(path: string, file: FileText, isInput: boolean): Promise<CheckedFile> {
    const { loader, context, contexts, fix } = this.#options;
    const folder = dirname(path);
    const config = await loader.forFolder(folder);
    const linters = this.#lintersOf(config);
    const ownFolder = isInput && path === "<stdin>" ? undefined : folder;
    const contextFolder = context ?? config.context ?? ownFolder;
    const facts = contextFolder === undefined ? undefined : contexts.facts(contextFolder, path);
    const input: LintInput = { ...file, context: facts, ignored: linters.ignoredIn(path) };
    const linter = linters.linterFor(path);
    if (fix === undefined) return this.#report(config, path, linter.lint(input), facts, undefined);
    if (file.isLossy === true) {
      throw new FileError(`${path}: cannot be fixed: it holds bytes that are no UTF-8.`);
    }
    return this.#fix(config, path, linter, input, fix, isInput);
  }

  #fix(
    config: Config,
    path: string,
    linter: Linter,
    input: LintInput,
    applicability: Applicability,
    isInput: boolean,
  ): CheckedFile {
    const level = config.fix.unsafe ? "unsafe" : applicability;
    const result = fixText(linter, input, { applicability: level, never: this.#codesOf(config.fix.never) });
    if (!isInput && result.text !== input.text) writeText(path, result.text, input.text);
    const ignorePath =
      input.context && join(input.context.path, input.context.ignoreFile?.path ?? ".dockerignore");
    if (result.ignoreText !== undefined && ignorePath !== undefined) {
      writeText(ignorePath, result.ignoreText, input.context?.ignoreFile?.text);
      this.#options.contexts.forget();
    }
    return this.#report(config, path, result.result, input.context, result.text);
  }

  #report(
    config: Config,
    path: string,
    { dockerfile, model, diagnostics, failedRules }: LintResult,
    facts: ContextFacts | undefined,
    fixed: string | undefined,
  ): CheckedFile {
    const counting = diagnostics.filter(({ suppressed }) => suppressed === undefined);
    const ignoreFile = facts && {
      path: join(facts.path, facts.ignoreFile?.path ?? ".dockerignore"),
      source: new SourceFile(facts.ignoreFile?.text ?? ""),
    };
    const stages = model.stages.map(({ index, name, shipped, base, from }) => ({
      index,
      name,
      shipped,
      base: base.name ?? from.image?.text,
    }));
    const own = counting.filter(({ target }) => target === "dockerfile");
    const reports: FileReport[] = [{ path, source: dockerfile.source, stages, diagnostics: own, ignoreFile }];
    if (ignoreFile !== undefined && own.length < counting.length) {
      const inIgnoreFile = counting.filter(
        (diagnostic) => diagnostic.target === "dockerignore" && this.#isNew(ignoreFile.path, diagnostic),
      );
      if (inIgnoreFile.length > 0) {
        reports.push({ ...ignoreFile, stages: [], diagnostics: inIgnoreFile, ignoreFile: undefined });
      }
    }
    return { config, reports, suppressed: diagnostics.length - counting.length, failedRules, fixed };
  }

  #isNew(path: string, { rule, span, message }: Diagnostic): boolean {
    const key = [path, rule, span.start, span.end, message].join("\0");
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }

  #codesOf(ruleNames: readonly string[]): readonly string[] {
    return ruleNames.flatMap((name) => this.#options.names.findAll(name).map(({ rule }) => rule.code));
  }

  #lintersOf(config: Config): ConfiguredLinters {
    let linters = this.#linters.get(config);
    if (linters === undefined) {
      const { rules, names, overlay } = this.#options;
      linters = new ConfiguredLinters(config, rules, names, overlay);
      this.#linters.set(config, linters);
      for (const warning of config.warnings) this.warnings.add(warning);
      for (const { rule, until } of linters.expired()) {
        this.warnings.add(`${config.path}: what is accepted of ${rule} expired on ${until}.`);
      }
    }
    return linters;
  }
}
