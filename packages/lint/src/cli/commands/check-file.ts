/** Lints (and fixes) one file with the configuration that holds for it. */
import { dirname, join, sep } from "node:path";
import type { Config } from "../../config/config.ts";
import { ConfiguredLinters, type LinterOverlay } from "../../config/for-file.ts";
import type { ConfigLoader } from "../../config/load.ts";
import type { ContextFolders } from "../../files/context.ts";
import { interruptible } from "../../files/interruptible.ts";
import { FileError, type FileText } from "../../files/read.ts";
import type { ContextFacts } from "../../linter/context-facts.ts";
import type { Diagnostic, Severity } from "../../linter/diagnostic.ts";
import { fixText } from "../../linter/fixer.ts";
import type { Linter, LintInput, LintResult } from "../../linter/linter.ts";
import type { Rule } from "../../linter/rule.ts";
import type { RuleNames } from "../../linter/rule-names.ts";
import type { FileReport } from "../../report/report.ts";
import { SourceFile } from "../../source/source-file.ts";
import type { ChangedFiles } from "./changed-files.ts";
import type { FixedFiles } from "./fixed-files.ts";

/** What linting needs, beside the file. */
export interface FileCheckerOptions {
  readonly loader: ConfigLoader;
  readonly rules: readonly Rule[];
  readonly names: RuleNames;
  readonly overlay: LinterOverlay;
  readonly contexts: ContextFolders;
  /** `--context`. */
  readonly context: string | undefined;
  /** `--fail-on`: wins over every configuration. */
  readonly failOn: Severity | "never" | undefined;
  /** What fixes to apply, and what becomes of them; undefined applies none. */
  readonly fixes: FixedFiles | undefined;
  /** `--changed-since`: what counts is what was not there before. */
  readonly changes: ChangedFiles | undefined;
}

/** One file, linted. */
export interface CheckedFile {
  readonly config: Config;
  /** The file's report; and its ignore file's, where something is wrong in that one. */
  readonly reports: readonly FileReport[];
  readonly suppressed: number;
  /** The files that were looked at, with and without findings. */
  readonly looked: readonly string[];
  /** The codes of the rules that ran. */
  readonly ran: { has(code: string): boolean };
  readonly failedRules: readonly string[];
  /** How many fixes were applied. */
  readonly fixes: number;
  /** What standard input is after fixes, where fixes were asked for. */
  readonly fixedInput: string | undefined;
}

/** One file on its way through the linter. */
interface Work {
  readonly path: string;
  readonly config: Config;
  readonly linter: Linter;
  readonly input: LintInput;
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

  /**
   * Lints a file. `path` need not exist: it says where configuration and context are looked for. Undefined where the
   * file is as it was.
   */
  async check(path: string, file: FileText, isInput: boolean): Promise<CheckedFile | undefined> {
    const { loader, context, contexts, fixes, changes } = this.#options;
    const folder = dirname(path);
    const config = await loader.forFolder(folder);
    const linters = this.#lintersOf(config);
    const ownFolder = isInput && path === "<stdin>" ? undefined : folder;
    const contextFolder = context ?? config.context ?? ownFolder;
    const facts = contextFolder === undefined ? undefined : contexts.facts(contextFolder, path);
    const before = changes?.before(path, isInput ? file.text : undefined, facts);
    if (before === "unchanged") return undefined;
    const input: LintInput = { ...file, context: facts, ignored: linters.ignoredIn(path) };
    const work: Work = { path, config, linter: linters.linterFor(path), input };
    const known = before && new Set(countingIn(lint(work.linter, { ...input, ...before })).map(identityOf));
    if (fixes === undefined) return this.#report(work, lint(work.linter, input), known);
    if (file.isLossy === true) {
      throw new FileError(`${path}: cannot be fixed: it holds bytes that are no UTF-8.`);
    }
    const result = interruptible(() =>
      fixText(
        work.linter,
        input,
        fixes.optionsFor(config, (names) => this.#codesOf(names)),
      ),
    );
    if (isInput) fixes.takeInput(path, input.text, result.text);
    else fixes.take(path, input.text, result.text);
    if (result.ignoreText !== undefined && facts !== undefined) {
      fixes.takeIgnoreFile(ignorePathOf(facts), facts.ignoreFile?.text, result.ignoreText, contexts);
    }
    const checked = this.#report(work, result.result, known);
    return { ...checked, fixes: result.applied.length, fixedInput: isInput ? result.text : undefined };
  }

  #report(
    { path, config, linter, input: { context: facts } }: Work,
    { dockerfile, model, diagnostics, failedRules }: LintResult,
    known: ReadonlySet<string> | undefined,
  ): CheckedFile {
    const failOn = this.#options.failOn ?? config.failOn;
    const relevant =
      known === undefined ? diagnostics : diagnostics.filter((one) => !known.has(identityOf(one)));
    const counting = relevant.filter(({ suppressed }) => suppressed === undefined);
    const isMuted = ({ suppressed, target }: Diagnostic): boolean =>
      suppressed !== undefined && target === "dockerfile";
    const ignoreFile = facts && {
      path: slashed(ignorePathOf(facts)),
      source: new SourceFile(facts.ignoreFile?.text ?? ""),
    };
    const stages = model.stages.map(({ index, name, shipped, base, from }) => ({
      index,
      name,
      shipped,
      base: base.name ?? from.image?.text,
    }));
    const own: FileReport = {
      path: slashed(path),
      source: dockerfile.source,
      stages,
      diagnostics: counting.filter(({ target }) => target === "dockerfile"),
      muted: relevant.filter(isMuted),
      failOn,
      ignoreFile,
    };
    const reports = [own];
    if (ignoreFile !== undefined && own.diagnostics.length < counting.length) {
      const inIgnoreFile = counting.filter(
        (diagnostic) => diagnostic.target === "dockerignore" && this.#isNew(ignoreFile.path, diagnostic),
      );
      if (inIgnoreFile.length > 0) {
        reports.push({
          ...ignoreFile,
          stages: [],
          diagnostics: inIgnoreFile,
          muted: [],
          failOn,
          ignoreFile: undefined,
        });
      }
    }
    const suppressed = relevant.length - counting.length;
    const looked = [own.path, ...(ignoreFile === undefined ? [] : [ignoreFile.path])];
    const ran = linter.active.byCode;
    return { config, reports, suppressed, looked, ran, failedRules, fixes: 0, fixedInput: undefined };
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

/** Texts below this length are linted before anybody can press a key. */
const LONG = 100_000;

function lint(linter: Linter, input: LintInput): LintResult {
  return input.text.length < LONG ? linter.lint(input) : interruptible(() => linter.lint(input));
}

function countingIn({ diagnostics }: LintResult): readonly Diagnostic[] {
  return diagnostics.filter(({ suppressed }) => suppressed === undefined);
}

/** What is the same of a finding before and after lines have moved. */
function identityOf({ target, fingerprint }: Diagnostic): string {
  return `${target} ${fingerprint}`;
}

function ignorePathOf(facts: ContextFacts): string {
  return join(facts.path, facts.ignoreFile?.path ?? ".dockerignore");
}

/** Reports have the same paths on every system. */
function slashed(path: string): string {
  return sep === "/" ? path : path.split(sep).join("/");
}
