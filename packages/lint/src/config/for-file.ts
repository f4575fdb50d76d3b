/** From a configuration to the linter of one file: overrides and accepted findings chosen by path. */
import type { RuleSelection } from "../linter/active-rules.ts";
import { Linter, type LinterOptions, type LintInput } from "../linter/linter.ts";
import type { Rule } from "../linter/rule.ts";
import type { RuleNames } from "../linter/rule-names.ts";
import type { Config, IgnoreEntry } from "./config.ts";

/** What the command line adds; it wins over every configuration. */
export interface LinterOverlay extends Omit<LinterOptions, "preset" | "settings"> {
  /** `--severity RULE=LEVEL`. */
  readonly rules?: RuleSelection["rules"];
}

/** The linters of one configuration: one for each set of overrides that applies to some file. */
export class ConfiguredLinters {
  readonly config: Config;
  readonly #rules: readonly Rule[];
  readonly #names: RuleNames;
  readonly #overlay: LinterOverlay;
  readonly #linters = new Map<string, Linter>();

  constructor(config: Config, rules: readonly Rule[], names: RuleNames, overlay: LinterOverlay) {
    this.config = config;
    this.#rules = rules;
    this.#names = names;
    this.#overlay = overlay;
  }

  /** The linter of a file. */
  linterFor(path: string): Linter {
    const applying = this.config.overrides.map(({ files }) => files.matches(path));
    const key = applying.map(Number).join("");
    let linter = this.#linters.get(key);
    if (linter === undefined) {
      const { config } = this;
      const extra = config.overrides.filter((_, index) => applying[index]).flatMap(({ rules }) => rules);
      const overlay = this.#overlay;
      const options: LinterOptions = {
        ...overlay,
        preset: config.preset,
        ruleset: overlay.ruleset ?? config.ruleset,
        rules: [...config.rules, ...extra, ...(overlay.rules ?? [])],
        settings: config.settings,
        inline: { ...config.inline, ...overlay.inline },
        buildArgs: { ...config.buildArgs, ...overlay.buildArgs },
      };
      linter = new Linter(this.#rules, options, this.#names);
      this.#linters.set(key, linter);
    }
    return linter;
  }

  /** Which of the configuration's overrides apply to a file, by their index. */
  overridesFor(path: string): readonly number[] {
    return this.config.overrides.flatMap(({ files }, index) => (files.matches(path) ? [index] : []));
  }

  /** The rules whose findings are accepted in a file; those past their date are not. */
  ignoredIn(path: string): NonNullable<LintInput["ignored"]> {
    return this.config.ignore.filter(
      (entry) => !this.#isExpired(entry) && (entry.files?.matches(path) ?? true),
    );
  }

  /** What was accepted up to a date that is past. */
  expired(): readonly IgnoreEntry[] {
    return this.config.ignore.filter((entry) => this.#isExpired(entry));
  }

  #isExpired({ until }: IgnoreEntry): boolean {
    const { today } = this.#overlay;
    return until !== undefined && today !== undefined && until < today;
  }
}
