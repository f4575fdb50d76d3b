/** Lints what an editor holds: the text as it is typed, configuration and context as they are on disk. */
import { lstatSync } from "node:fs";
import { basename, dirname } from "node:path";
import { ConfigError } from "../config/config-error.ts";
import { defaultConfig, type Config } from "../config/config.ts";
import { ConfiguredLinters, type LinterOverlay } from "../config/for-file.ts";
import { ConfigLoader } from "../config/load.ts";
import { ContextFolders } from "../files/context.ts";
import type { ContextFacts } from "../linter/facts/context-facts.ts";
import type { Diagnostic } from "../linter/diagnostic.ts";
import { fixText } from "../linter/fixer.ts";
import type { LintInput, LintResult } from "../linter/linter.ts";
import { DEFAULT_RULESET } from "../linter/presets.ts";
import type { Rule } from "../linter/rule.ts";
import { RuleNames } from "../linter/rule-names.ts";
import { SourceFile } from "../source/source-file.ts";

/** A document after linting. */
export interface LintedDocument {
  readonly source: SourceFile;
  /** The findings in this document; muted ones are left out. */
  readonly diagnostics: readonly Diagnostic[];
  /** The parsed file; the empty one for an ignore file. */
  readonly dockerfile: LintResult["dockerfile"];
  /** The folder that is the build context, where there is one. */
  readonly context: ContextFacts | undefined;
  /** The text after all safe fixes. */
  readonly fixed: () => string;
}

/** Lints documents, keeping what they share until {@link forget}. */
export class DocumentLinter {
  readonly names: RuleNames;
  readonly #rules: readonly Rule[];
  readonly #complain: (message: string) => void;
  #loader: ConfigLoader;
  #linters = new Map<Config, ConfiguredLinters>();
  #contexts = new ContextFolders();

  /** `complain` is told of configurations that cannot be read; their files are linted with the default one. */
  constructor(rules: readonly Rule[], complain: (message: string) => void) {
    this.#rules = rules;
    this.names = new RuleNames(rules);
    this.#loader = new ConfigLoader({ names: this.names });
    this.#complain = complain;
  }

  /** Looks at configurations and contexts anew. */
  forget(): void {
    this.#loader = new ConfigLoader({ names: this.names });
    this.#linters = new Map();
    this.#contexts = new ContextFolders();
  }

  /** Lints a text. `uriPath` is where it is, or will be, saved; undefined for one that has no place yet. */
  async lint(uriPath: string | undefined, text: string): Promise<LintedDocument> {
    const path = uriPath !== undefined && canBe(uriPath) ? uriPath : undefined;
    this.#contexts.forgetNames();
    const config = await this.#configOf(path === undefined ? "." : dirname(path));
    const linters = this.#lintersOf(config);
    const linter = linters.linterFor(path ?? "Dockerfile");
    const ignored = linters.ignoredIn(path ?? "Dockerfile");
    if (path !== undefined && isIgnoreFile(path)) {
      const context = this.#contextOfIgnoreFile(path, text);
      const { diagnostics, dockerfile } = linter.lintIgnoreFile({ context, ignored });
      return {
        source: new SourceFile(text),
        diagnostics: diagnostics.filter(({ suppressed }) => suppressed === undefined),
        dockerfile,
        context,
        fixed: () => text,
      };
    }
    const folder = config.context ?? (path === undefined ? undefined : dirname(path));
    const context = folder === undefined ? undefined : this.#contexts.facts(folder, path);
    const input: LintInput = { text, context, ignored };
    const { diagnostics, dockerfile } = linter.lint(input);
    return {
      source: dockerfile.source,
      diagnostics: diagnostics.filter(
        ({ suppressed, target }) => suppressed === undefined && target === "dockerfile",
      ),
      dockerfile,
      context,
      fixed: () => fixText(linter, input, {}).text,
    };
  }

  async #configOf(folder: string): Promise<Config> {
    try {
      return await this.#loader.forFolder(folder);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.#complain(error.message);
      return defaultConfig(DEFAULT_RULESET);
    }
  }

  #lintersOf(config: Config): ConfiguredLinters {
    let linters = this.#linters.get(config);
    if (linters === undefined) {
      const overlay: LinterOverlay = { today: new Date().toISOString().slice(0, 10) };
      linters = new ConfiguredLinters(config, this.#rules, this.names, overlay);
      this.#linters.set(config, linters);
    }
    return linters;
  }

  /** The ignore file's own text counts as it is typed, without anything being kept of it. */
  #contextOfIgnoreFile(path: string, text: string): ContextFacts | undefined {
    const contexts = new ContextFolders();
    contexts.pretend(path, text);
    const dockerfile = basename(path) === ".dockerignore" ? undefined : path.replace(/\.dockerignore$/, "");
    return contexts.facts(dirname(path), dockerfile);
  }
}

/** Whether a file could be there: not below another file, nor where we may not look, nor with a name that none can have. */
function canBe(path: string): boolean {
  try {
    lstatSync(path, { throwIfNoEntry: false });
    return true;
  } catch {
    return false;
  }
}

function isIgnoreFile(path: string): boolean {
  return path.endsWith(".dockerignore");
}
