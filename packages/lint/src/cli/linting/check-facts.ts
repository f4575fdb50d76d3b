/** What makes the findings in a file more exact: ShellCheck, registries, the history, an engine, each where it is wanted. */
import type { Config } from "../../config/config.ts";
import type { LinterOverlay } from "../../config/for-file.ts";
import type { ContextFacts } from "../../linter/facts/context-facts.ts";
import type { EngineFacts } from "../../linter/facts/engine-facts.ts";
import type { HistoryFacts } from "../../linter/facts/history-facts.ts";
import type { Linter, LintInput } from "../../linter/linter.ts";
import type { RegistryFacts } from "../../linter/facts/registry-facts.ts";
import type { ShellChecker } from "../../linter/facts/shell-checker.ts";
import type { Registry } from "../../registry/registry.ts";
import { findShellcheck } from "../../shellcheck/find-shellcheck.ts";
import { UsageError } from "../usage-error.ts";
import type { CommitHistory } from "../git/commit-history.ts";
import type { EngineSession } from "./engine-session.ts";
import type { FileBuild } from "./verified-fixes.ts";

/** The rule whose findings are ShellCheck's. */
const SHELLCHECK = "DFL840";

/** The rule that registries are asked for. */
const BASE_DIGEST = "DFL203";

/** The rule that wants to know how a container ends. */
const EXEC_FORM = "DFL804";

/** The rule that wants to know what one listens on. */
const EXPOSED = "DFL816";

/** The rule that looks into the history. */
const ORDER_BY_HISTORY = "DFL107";

/** Who is asked. */
export interface FactOptions {
  readonly overlay: LinterOverlay;
  /** `--registry`: what to ask. */
  readonly registry: Registry | undefined;
  /** `--history`: what tells of past commits. */
  readonly history: CommitHistory | undefined;
  /** `--engine`: what makes findings more exact. */
  readonly engines: EngineSession;
}

/** Asks for the facts of files, as far as rules that run want to know them. */
export class CheckFacts {
  readonly #options: FactOptions;
  readonly #warnings: Set<string>;
  readonly #shellCheckers = new Map<Config, ShellChecker | undefined>();

  /** @param warnings gets what the user should know, though it is no error. */
  constructor(options: FactOptions, warnings: Set<string>) {
    this.#options = options;
    this.#warnings = warnings;
  }

  /** The PATH is searched once for all files of a configuration. */
  async shellChecker(config: Config, linter: Linter): Promise<ShellChecker | undefined> {
    if (!linter.active.byCode.has(SHELLCHECK)) return undefined;
    if (!this.#shellCheckers.has(config)) {
      this.#shellCheckers.set(config, await this.#findShellChecker(config));
    }
    return this.#shellCheckers.get(config);
  }

  async #findShellChecker({ shellcheck: { mode, exclude } }: Config): Promise<ShellChecker | undefined> {
    if (mode === "off") return undefined;
    const checker = await findShellcheck(exclude);
    if (checker !== undefined) return checker;
    if (mode === "on")
      throw new UsageError('shellcheck is not installed, and the configuration asks for it by "mode: on".');
    this.#warnings.add(
      'shellcheck is not installed, so shell code is not checked by it; "shellcheck: {mode: off}" says that it is meant so.',
    );
    return undefined;
  }

  /** What registries say of the images in a file that has not been looked at yet. */
  async registry(linter: Linter, input: LintInput): Promise<RegistryFacts | undefined> {
    const { registry } = this.#options;
    if (registry === undefined || !linter.active.byCode.has(BASE_DIGEST)) return undefined;
    const references = linter.lint(input).model.stages.flatMap(({ base }) => base.reference?.text ?? []);
    const facts = await registry.facts(references);
    for (const problem of registry.problems) this.#warnings.add(problem);
    return facts;
  }

  /** What past commits say of the files of a context. */
  history(
    config: Config,
    linter: Linter,
    folder: string | undefined,
    facts: ContextFacts | undefined,
  ): HistoryFacts | undefined {
    const { history, overlay } = this.#options;
    if (history === undefined || folder === undefined || facts === undefined) return undefined;
    if (!linter.active.byCode.has(ORDER_BY_HISTORY)) return undefined;
    const buildArgs = { ...config.buildArgs, ...overlay.buildArgs };
    return history.facts(folder, facts, {
      buildArgs,
      ...(overlay.target !== undefined && { target: overlay.target }),
    });
  }

  /** What an engine says of the file, if it is to be asked. */
  async engine(
    path: string,
    config: Config,
    linter: Linter,
    input: LintInput,
  ): Promise<EngineFacts | undefined> {
    const { active } = linter;
    const isSharpened = active.all.some(({ rule }) => rule.engine !== undefined);
    // Any fix may need what the engine's builder lacks.
    if (!isSharpened && active.all.every(({ rule }) => rule.fix === undefined)) return undefined;
    return await this.#options.engines.facts(config.engine, () => ({
      path,
      model: linter.lint(input).model,
      build: { ...fileBuild(config, this.#options.overlay, input.context), text: input.text },
      wantsBuild: isSharpened,
      wantsStop: active.byCode.has(EXEC_FORM),
      wantsPorts: active.byCode.has(EXPOSED),
    }));
  }
}

/** How a file is built, as far as configuration and command line say it. */
export function fileBuild(
  config: Config,
  { buildArgs, target, platform }: LinterOverlay,
  context: Pick<ContextFacts, "path" | "ignoreFile"> | undefined,
): Omit<FileBuild, "name"> {
  return {
    context: context?.path,
    ignoreText: context?.ignoreFile?.text,
    buildArgs: { ...config.buildArgs, ...buildArgs },
    target,
    platform,
  };
}
