/** What `dflint measure` and `dflint cache` are to build: each Dockerfile linted, with what it is built with. */
import { dirname, relative, resolve, sep } from "node:path";
import type { Config } from "../../config/config.ts";
import { ConfiguredLinters, type LinterOverlay } from "../../config/for-file.ts";
import { parseSize } from "../../config/size.ts";
import type { BudgetLimits, FixedFile, MeasureInput } from "../../engine/measure/measure-input.ts";
import { ContextFolders } from "../../files/context.ts";
import { FileError } from "../../files/read.ts";
import { fixText } from "../../linter/fixer.ts";
import type { Linter, LintInput } from "../../linter/linter.ts";
import { RuleNames } from "../../linter/rule-names.ts";
import { printable } from "../../report/printable.ts";
import { unifiedDiff } from "../../report/unified-diff.ts";
import { rules } from "../../rules/index.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { checkOverlay, checkRuleNames, configLoader } from "../linting/check-options.ts";
import { findTargets, readTarget } from "../linting/lint-files.ts";
import { namedBuilds, refuseOtherBuilds, type NamedBuild } from "./named-builds.ts";
import { readSecrets } from "./secrets.ts";
import { nothingFound } from "../reports/tell.ts";

/** What came of the operands. */
export interface BuildInputs {
  readonly inputs: readonly MeasureInput[];
  /** What cannot be built, a sentence each. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** Operands that hold no Dockerfile. */
  readonly empty: readonly string[];
}

/** A Dockerfile, and how it is built. */
interface FileToBuild {
  readonly read: () => ReturnType<typeof readTarget>;
  readonly overlay: LinterOverlay;
  /** What a compose or bake file says. */
  readonly build: NamedBuild | undefined;
}

/** Lints what the command line names, ready to be built. Throws UsageError and ConfigError. */
export async function buildInputs(
  options: Options,
  operands: readonly string[],
  host: Host,
): Promise<BuildInputs> {
  const names = new RuleNames(rules);
  checkRuleNames(options, names);
  const budget = budgetOf(options);
  const secrets = readSecrets(options.list("secret") ?? [], host.environment);
  const loader = configLoader(options, names);
  const overlay = checkOverlay(options, new Date());
  const contexts = new ContextFolders();
  const named = await namedBuilds(options, overlay);
  const isNamedOnly = operands.length === 0 && named.builds.length + named.notes.length > 0;
  const found = isNamedOnly
    ? { paths: [], errors: [], empty: [] }
    : await findTargets(operands, options, loader);
  const errors = [...found.errors];
  const warnings = new Set<string>(named.notes);
  const inputs: MeasureInput[] = [];
  const files: readonly FileToBuild[] = [
    ...found.paths
      .filter((path) => !path.endsWith(".dockerignore"))
      .map((path) => ({ read: () => readTarget(path, options, host), overlay, build: undefined })),
    ...named.builds.map((build) => ({
      read: () => {
        refuseOtherBuilds(build);
        return Promise.resolve({ file: build.read(), name: build.path });
      },
      overlay: build.overlay,
      build,
    })),
  ];
  for (const { read, overlay: own, build } of files) {
    try {
      const { file, name: path } = await read();
      if (file.defect !== undefined) throw new FileError(`${path}: ${file.defect}`);
      // What is built is the text that was read, and that would be another file.
      if (file.isLossy === true) {
        throw new FileError(`${path}: cannot be built: it holds bytes that are no UTF-8.`);
      }
      const config = await loader.forFolder(dirname(path));
      const linters = new ConfiguredLinters(config, rules, names, own);
      for (const { rule, until } of linters.expired()) {
        warnings.add(`${config.path}: what is accepted of ${rule} expired on ${until}.`);
      }
      const ownFolder = path === "<stdin>" ? undefined : dirname(path);
      const folder = build?.context ?? options.text("context") ?? config.context ?? ownFolder;
      const context = folder === undefined ? undefined : contexts.facts(folder, path);
      if (folder !== undefined && context === undefined) {
        throw new FileError(`${path}: there is no folder ${folder} to build it in.`);
      }
      const linter = linters.linterFor(path);
      const input: LintInput = { text: file.text, context, ignored: linters.ignoredIn(path) };
      inputs.push({
        path: path.split(sep).join("/"),
        build: build?.label,
        request: {
          text: file.text,
          context: folder,
          ...(context?.ignoreFile !== undefined && { ignoreText: context.ignoreFile.text }),
          buildArgs: { ...config.buildArgs, ...own.buildArgs },
          contexts: build?.contexts,
          target: own.target,
          platform: own.platform,
          secrets,
          noCache: options.has("no-cache"),
          builder: options.text("builder") as "buildkit" | "classic" | undefined, // one of the table's values
        },
        lint: (engine) => linter.lint({ ...input, engine }),
        fix: (engine) => fixedTexts(linter, { ...input, engine }, config, names),
        context,
        inContext: folder === undefined ? undefined : withinContext(folder, path),
        limits: { ...limitsOf(config), ...budget },
        diff: unifiedDiff,
      });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      errors.push(error.message);
    }
  }
  return { inputs, errors, warnings: [...warnings], empty: found.empty };
}

/** Tells what cannot be built. Returns what to end with where nothing is left to build. */
export function tellProblems(
  { inputs, errors, warnings, empty }: BuildInputs,
  host: Host,
): ExitCode | undefined {
  for (const message of [...errors, ...warnings]) host.err(`dflint: ${printable(message)}\n`);
  if (inputs.length > 0) return undefined;
  if (errors.length > 0) return EXIT.usage;
  if (empty.length > 0) host.err(nothingFound(empty));
  return EXIT.noFiles;
}

/** Fixes that most likely keep what the image does. */
function fixedTexts(
  linter: Linter,
  input: LintInput,
  { fix }: Config,
  names: RuleNames,
): FixedFile | undefined {
  const never = fix.never.flatMap((name) => names.findAll(name).map(({ rule }) => rule.code));
  const { text, ignoreText, applied } = fixText(linter, input, { applicability: "suggestion", never });
  if (applied.length === 0) return undefined;
  return { text, ignoreText: ignoreText ?? input.context?.ignoreFile?.text, fixes: applied.length };
}

function withinContext(folder: string, path: string): string | undefined {
  const inside = relative(resolve(folder), resolve(path));
  return inside.startsWith("..") ? undefined : inside.split(sep).join("/");
}

function limitsOf({ engine: { budget } }: Config): BudgetLimits {
  return { imageBytes: budget.imageBytes, wastedBytes: budget.wastedBytes };
}

/** `--budget NAME=SIZE` wins over the configuration. */
function budgetOf(options: Options): Partial<BudgetLimits> {
  const limits: { imageBytes?: number; wastedBytes?: number } = {};
  for (const pair of options.list("budget") ?? []) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, Math.max(at, 0));
    const bytes = parseSize(pair.slice(at + 1));
    if (bytes === undefined || (name !== "image-bytes" && name !== "wasted-bytes")) {
      throw new UsageError(
        `--budget takes image-bytes=SIZE or wasted-bytes=SIZE with a size such as 20MB, not "${pair}".`,
      );
    }
    if (name === "image-bytes") limits.imageBytes = bytes;
    else limits.wastedBytes = bytes;
  }
  return limits;
}
