/** Lints (and fixes) one file with the configuration that holds for it. */
import { basename, dirname } from "node:path";
import type { Config } from "../../config/config.ts";
import { ConfiguredLinters } from "../../config/for-file.ts";
import type { ConfigLoader } from "../../config/load.ts";
import type { ContextFolders } from "../../files/context.ts";
import { interruptible } from "../../files/interruptible.ts";
import { FileError, type FileText } from "../../files/read.ts";
import type { Severity } from "../../linter/diagnostic.ts";
import { fixText, type FileLinter, type FixOptions, type FixResult } from "../../linter/fixer.ts";
import type { Linter, LintInput, LintResult } from "../../linter/linter.ts";
import type { Rule } from "../../linter/rule.ts";
import type { RuleNames } from "../../linter/rule-names.ts";
import { optimiseSoon } from "../optimise.ts";
import type { ChangedFiles } from "../git/changed-files.ts";
import { CheckFacts, fileBuild, type FactOptions } from "./check-facts.ts";
import {
  countingIn,
  type FileReports,
  identityOf,
  ignorePathOf,
  type CheckedFile,
  type Work,
} from "../reports/file-reports.ts";
import type { FixedFiles } from "./fixed-files.ts";
import type { NamedBuild } from "../builds/named-builds.ts";
import type { FileBuild, VerifiedFixer } from "./verified-fixes.ts";

/** What linting needs, beside the file. */
export interface FileCheckerOptions extends FactOptions {
  readonly loader: ConfigLoader;
  readonly rules: readonly Rule[];
  readonly names: RuleNames;
  readonly contexts: ContextFolders;
  /** `--context`. */
  readonly context: string | undefined;
  /** What is built of the files, where a compose or bake file says. */
  readonly build: string | undefined;
  /** What that file gives to FROM and COPY --from. */
  readonly namedContexts: NamedBuild["contexts"];
  /** The other builds of a file, where fixes are verified: they are to hold for all. */
  readonly alsoBuilt: (path: string) => readonly NamedBuild[];
  /** Makes the reports of the whole run. */
  readonly reports: FileReports;
  /** `--fail-on`: wins over every configuration. */
  readonly failOn: Severity | "never" | undefined;
  /** From which level on findings make a difference; undefined where all do. */
  readonly counted: (config: Config, failOn: Severity | "never") => Severity | "never" | undefined;
  /** What fixes to apply, and what becomes of them; undefined applies none. */
  readonly fixes: FixedFiles | undefined;
  /** `--verify`: only what an engine says holds is applied. */
  readonly verified: VerifiedFixer | undefined;
  /** `--changed-since`: what counts is what was not there before. */
  readonly changes: ChangedFiles | undefined;
}

/** Lints files one by one, keeping what they share. */
export class FileChecker {
  /** What the user should know, though it is no error; each once. */
  readonly warnings: Set<string> = new Set();
  readonly #options: FileCheckerOptions;
  readonly #linters = new Map<Config, ConfiguredLinters>();
  readonly #facts: CheckFacts;

  constructor(options: FileCheckerOptions) {
    this.#options = options;
    this.#facts = new CheckFacts(options, this.warnings);
  }

  /**
   * Lints a file. `path` need not exist: it says where configuration and context are looked for. Undefined where the
   * file is as it was.
   */
  async check(path: string, file: FileText, isInput: boolean): Promise<CheckedFile | undefined> {
    const { loader, context, contexts, build, failOn, fixes, verified, changes } = this.#options;
    const folder = dirname(path);
    const config = await loader.forFolder(folder);
    const linters = this.#lintersOf(config);
    const isIgnoreFile = path.endsWith(IGNORE_FILE);
    const ownFolder = isInput && path === "<stdin>" ? undefined : folder;
    const contextFolder = isIgnoreFile ? folder : (context ?? config.context ?? ownFolder);
    if (isIgnoreFile && isInput) contexts.pretend(path, file.text);
    const facts = contextFolder === undefined ? undefined : contexts.facts(contextFolder, dockerfileOf(path));
    const before = changes?.before(path, isInput ? file.text : undefined, facts);
    if (before === "unchanged") return undefined;
    const ignored = linters.ignoredIn(path);
    const whole = linters.linterFor(path);
    const linter = isIgnoreFile ? { lint: (one: LintInput) => whole.lintIgnoreFile(one) } : whole;
    const ran = whole.active.byCode;
    const own = isIgnoreFile ? { text: "" } : file;
    const shellChecker = await this.#facts.shellChecker(config, whole);
    const registry = await this.#facts.registry(whole, own);
    const history = isIgnoreFile ? undefined : this.#facts.history(config, whole, contextFolder, facts);
    const text: LintInput = { ...own, context: facts, ignored, shellChecker, registry, history };
    const engine = isIgnoreFile ? undefined : await this.#facts.engine(path, config, whole, text);
    const isPlain =
      engine === undefined && [fixes, changes, registry, history].every((one) => one === undefined);
    const counting = failOn ?? config.failOn;
    const least = isPlain ? this.#options.counted(config, counting) : undefined;
    const input: LintInput = { ...text, engine, least };
    const work: Work = {
      path,
      isIgnoreFile,
      build,
      config,
      failOn: counting,
      ran,
      context: facts,
    };
    const known = before && new Set(countingIn(lint(linter, { ...input, ...before })).map(identityOf));
    if (fixes === undefined) return this.#reportOf(work, lint(linter, input), known);
    if (file.isLossy === true) {
      throw new FileError(`${path}: cannot be fixed: it holds bytes that are no UTF-8.`);
    }
    const options = fixes.optionsFor(config, (names) => this.#codesOf(names));
    const result =
      verified === undefined
        ? interruptible(() => fixText(linter, input, options))
        : await this.#fixVerified(verified, work, linter, input, options);
    if (verified?.keeps === false) {
      return withVerdicts(this.#reportOf(work, result.result, known), verified);
    }
    const fixed = isIgnoreFile ? (result.ignoreText ?? file.text) : result.text;
    try {
      if (isInput) fixes.takeInput(path, file.text, fixed);
      else if (!isIgnoreFile) fixes.take(path, file.text, fixed);
      if (result.ignoreText !== undefined && facts !== undefined && !(isIgnoreFile && isInput)) {
        fixes.takeIgnoreFile(ignorePathOf(facts), facts.ignoreFile?.text, result.ignoreText, contexts);
      }
    } catch (error) {
      verified?.markUnwritten();
      throw error;
    }
    const left = this.#reportOf(afterFixes(work, result.ignoreText), result.result, known);
    const checked = verified === undefined ? left : withVerdicts(left, verified);
    return { ...checked, fixes: result.applied.length, fixedInput: isInput ? fixed : undefined };
  }

  /** The report; that there is not what is to be built is told beside it. */
  #reportOf(work: Work, result: LintResult, known: ReadonlySet<string> | undefined): CheckedFile {
    const { overlay, reports } = this.#options;
    const { model } = result;
    const { target } = overlay;
    if (target !== undefined && model.stages.length > 0 && model.stageNamed(target) === undefined) {
      this.warnings.add(
        `${work.path}: there is no stage "${target}", so it is judged as if its last one were built.`,
      );
    }
    return reports.of(work, result, known);
  }

  /** What holds for a file, whoever checks it. */
  async settingsFor(path: string): Promise<Pick<CheckedFile, "config" | "ran">> {
    const config = await this.#options.loader.forFolder(dirname(path));
    return { config, ran: this.#lintersOf(config).linterFor(path).active.byCode };
  }

  /** Fixes a file as far as it verifies; where nothing is kept, the result is the file as it is. */
  async #fixVerified(
    verified: VerifiedFixer,
    { path, isIgnoreFile, config, context }: Work,
    linter: FileLinter,
    input: LintInput,
    options: FixOptions,
  ): Promise<FixResult> {
    if (isIgnoreFile) {
      throw new FileError(`${path}: is verified with the Dockerfile that it belongs to; name that one.`);
    }
    const { build, namedContexts, overlay, contexts } = this.#options;
    const own: FileBuild = { ...fileBuild(config, overlay, context), contexts: namedContexts, name: build };
    const others = this.#options.alsoBuilt(path).map((other): FileBuild => {
      const facts = contexts.facts(other.context ?? dirname(other.path), other.path);
      return { ...fileBuild(config, other.overlay, facts), contexts: other.contexts, name: other.label };
    });
    const fixed = await verified.fix(path, linter, input, options, [own, ...others]);
    return verified.keeps ? fixed : { ...fixed, result: fixed.original };
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
      for (const { rule, until } of linters.expired()) {
        this.warnings.add(`${config.path}: what is accepted of ${rule} expired on ${until}.`);
      }
    }
    return linters;
  }
}

/** Puts what the engine said of the file last into its report. */
function withVerdicts(checked: CheckedFile, { files }: VerifiedFixer): CheckedFile {
  const reports = checked.reports.map((report, at) =>
    at === 0 ? { ...report, verified: files.at(-1) } : report,
  );
  return { ...checked, reports };
}

const IGNORE_FILE = ".dockerignore";

/** The Dockerfile that an ignore file belongs to alone; a Dockerfile itself. */
function dockerfileOf(path: string): string | undefined {
  return basename(path) === IGNORE_FILE ? undefined : path.replace(/\.dockerignore$/, "");
}

/** What is found after fixes stands in the ignore file as the fixes leave it. */
function afterFixes(work: Work, text: string | undefined): Work {
  if (work.context === undefined || text === undefined) return work;
  const path = work.context.ignoreFile?.path ?? IGNORE_FILE;
  return { ...work, context: { ...work.context, ignoreFile: { path, text } } };
}

/** Texts below this length are linted before anybody can press a key. */
const LONG = 100_000;
/** Texts above this length take as long as a thousand files do. */
const VERY_LONG = 1_000_000;

function lint(linter: Pick<Linter, "lint">, input: LintInput): LintResult {
  if (input.text.length > VERY_LONG) optimiseSoon();
  return input.text.length < LONG ? linter.lint(input) : interruptible(() => linter.lint(input));
}
