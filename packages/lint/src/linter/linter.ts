/** The linter: text in, diagnostics out. It reads no file, no clock and no environment. */
import { analyse } from "../semantics/analyse.ts";
import { UNKNOWN_BUILDER } from "../semantics/builder.ts";
import type { AnalyseOptions, Model } from "../semantics/model.ts";
import type { Dockerfile } from "../syntax/nodes.ts";
import { parseDockerfile } from "../syntax/parser.ts";
import { activateRules, type ActiveRules, type RuleSelection } from "./active-rules.ts";
import type { ContextFacts } from "./facts/context-facts.ts";
import type { Diagnostic, Severity } from "./diagnostic.ts";
import type { EngineFacts } from "./facts/engine-facts.ts";
import { untilBuildkitStops } from "./buildkit-stop.ts";
import { buildkitErrors, readDirectives, type LintDirective } from "./comments/directives.ts";
import { FileRun } from "./file-run.ts";
import { holdFixes } from "./hold-fixes.ts";
import type { Rule, Settings } from "./rule.ts";
import type { HistoryFacts } from "./facts/history-facts.ts";
import type { RegistryFacts } from "./facts/registry-facts.ts";
import type { ShellChecker } from "./facts/shell-checker.ts";
import { isNamed, RuleNames } from "./rule-names.ts";
import { visitsFrom, visitsOf, type VisitTables } from "./visit-tables.ts";
import { UNUSED_IGNORE } from "./comments/directive-findings.ts";
import type { InlineOptions } from "./comments/mute.ts";
import { Suppressions } from "./comments/suppressions.ts";

/** The rule under which a file that is no text is reported. */
const SYNTAX_ERROR = "DFL901";

/** Settings of a project that says nothing about itself. */
export const DEFAULT_SETTINGS: Settings = {
  trustedRegistries: [],
  labels: { required: {}, strict: false },
  stages: { public: [], dev: [] },
};

/** How files are linted; the same for many files. */
export interface LinterOptions extends RuleSelection {
  /** What the project says about itself. Default: registries and labels are free, and no stage is special. */
  readonly settings?: Settings | undefined;
  /** What comments may do. Default: they mute, and one of dflint that mutes nothing is a finding. */
  readonly inline?: InlineOptions | undefined;
  /** `--build-arg` values. Default: none is given. */
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  /** The stage to build: a name or a number. Default: the last one. */
  readonly target?: string | undefined;
  /** Such as `linux/arm64`. Default: unknown. */
  readonly platform?: string | undefined;
  /** Names that the build gives a meaning to, as `--build-context NAME=…` does. Default: none. */
  readonly namedContexts?: readonly string[] | undefined;
  /** `YYYY-MM-DD`, for directives with `until=`. Default: nothing expires. */
  readonly today?: string | undefined;
}

/** One file to lint. */
export interface LintInput {
  /** The Dockerfile. Offsets of findings count its UTF-16 code units; a byte order mark is one. */
  readonly text: string;
  /** Why the file is no text at all, such as bytes that are no UTF-8: then that is the only finding. Default: it is one. */
  readonly defect?: string | undefined;
  /** The build context's folder, see {@link contextFacts}. Default: not known, and rules about it have nothing to look at. */
  readonly context?: ContextFacts | undefined;
  /** ShellCheck, where it is there and wanted. Default: the rules that need it do not run. */
  readonly shellChecker?: ShellChecker | undefined;
  /** What registries say of base images. Default: they were not asked. */
  readonly registry?: RegistryFacts | undefined;
  /** What past commits changed. Default: that was not asked for. */
  readonly history?: HistoryFacts | undefined;
  /** What an engine says. Default: none was asked, and everything is judged by the text. */
  readonly engine?: EngineFacts | undefined;
  /** Findings that the configuration mutes in this file, by a code, name or alias of their rule. Default: none. */
  readonly ignored?: readonly { readonly rule: string; readonly reason: string | undefined }[] | undefined;
  /** Milder findings are looked at by nobody, and may be left out, which takes less time. Default: all are found. */
  readonly least?: Severity | "never" | undefined;
}

/** What linting one file gave. */
export interface LintResult {
  readonly dockerfile: Dockerfile;
  readonly model: Model;
  /** In order of place; muted ones included, marked by `suppressed`. */
  readonly diagnostics: readonly Diagnostic[];
  /** The codes of rules that threw: a defect of dflint, or of a rule of yours. */
  readonly failedRules: readonly string[];
}

/** A set of rules and options, prepared for any number of files. */
export class Linter {
  /** The rules that run, with their levels and options. */
  readonly active: ActiveRules;
  readonly #names: RuleNames;
  readonly #options: LinterOptions;
  readonly #visits: VisitTables;
  readonly #visitsFrom = new Map<Severity | "never", VisitTables>();

  /** Takes the rules to choose from. Names in `options` that belong to no rule are passed over. */
  constructor(rules: readonly Rule[], options: LinterOptions = {}, names: RuleNames = new RuleNames(rules)) {
    this.#names = names;
    this.#options = options;
    this.active = activateRules(rules, names, options);
    this.#visits = visitsOf(this.active);
  }

  /** Lints one file. Never throws for what the text holds. */
  lint(input: LintInput): LintResult {
    const options = this.#options;
    const dockerfile = parseDockerfile(input.text);
    // hadolint asks nobody.
    const engine = this.active.compat === "hadolint" ? undefined : input.engine;
    const known: AnalyseOptions = {
      ...(options.buildArgs && { buildArgs: options.buildArgs }),
      ...(options.target !== undefined && { target: options.target }),
      ...(options.platform !== undefined && { platform: options.platform }),
      ...(options.namedContexts !== undefined && { namedContexts: options.namedContexts }),
      ...(engine && { images: engine.images, builder: engine.builder.kind }),
    };
    const model = analyse(dockerfile, known);
    const directives = readDirectives(dockerfile);
    const failsByWarnings = buildkitErrors(dockerfile);
    // Where something is muted, what it mutes has to be found.
    const isPlain = directives.length === 0 && (input.ignored ?? []).length === 0 && !failsByWarnings;
    const run = new FileRun({
      dockerfile,
      model,
      compat: this.active.compat,
      visits: isPlain ? this.#visitsOf(input.least) : this.#visits,
      settings: options.settings ?? DEFAULT_SETTINGS,
      context: input.context,
      shellChecker: input.shellChecker,
      registry: input.registry,
      history: input.history,
      engine,
      shells: directives.flatMap(({ kind, line, names: [name] }) =>
        kind === "shell" && name !== undefined ? [{ line, shell: name.text }] : [],
      ),
      buildkitErrors: failsByWarnings,
    });
    if (input.defect === undefined) run.walk();
    else this.#addDefect(run, input.defect);
    const found = this.#mute(run, input, directives);
    const reached =
      this.active.compat === "buildkit" ? untilBuildkitStops(found, dockerfile, model, known) : found;
    const held = holdFixes(reached, model, known, engine?.builder ?? UNKNOWN_BUILDER);
    const diagnostics = held.sort(byPlace);
    return { dockerfile, model, diagnostics, failedRules: [...run.failed] };
  }

  /** Lints the ignore file of a context by itself, as the rules about it see it. The result's Dockerfile is empty. */
  lintIgnoreFile({ context, ignored }: Pick<LintInput, "context" | "ignored">): LintResult {
    const dockerfile = parseDockerfile("");
    const model = analyse(dockerfile);
    const run = new FileRun({
      dockerfile,
      model,
      compat: this.active.compat,
      visits: this.#visits,
      settings: this.#options.settings ?? DEFAULT_SETTINGS,
      context,
      shellChecker: undefined,
      registry: undefined,
      history: undefined,
      engine: undefined,
      shells: [],
      buildkitErrors: false,
    });
    run.walkIgnoreFile();
    const diagnostics = this.#mute(run, { text: "", ignored }, []).sort(byPlace);
    return { dockerfile, model, diagnostics, failedRules: [...run.failed] };
  }

  /** Those of which nobody would look at a finding are not called. */
  #visitsOf(least: Severity | "never" | undefined): VisitTables {
    // BuildKit's check ends at the first finding of some rules, whatever their level.
    if (least === undefined || this.active.compat === "buildkit") return this.#visits;
    let visits = this.#visitsFrom.get(least);
    if (visits === undefined) this.#visitsFrom.set(least, (visits = visitsFrom(this.active, least)));
    return visits;
  }

  #addDefect(run: FileRun, defect: string): void {
    const active = this.active.byCode.get(SYNTAX_ERROR);
    if (active !== undefined) run.add(active, { at: { start: 0, end: 0 }, message: defect });
  }

  #mute(run: FileRun, input: LintInput, allDirectives: readonly LintDirective[]): Diagnostic[] {
    const { inline = {}, today } = this.#options;
    const muted = (input.ignored ?? []).flatMap(({ rule, reason }) =>
      this.#names.findAll(rule).map((named) => ({ ...named, suppressed: { by: "config", reason } as const })),
    );
    const byConfig = (diagnostic: Diagnostic): Diagnostic => {
      if (diagnostic.suppressed !== undefined) return diagnostic;
      const by = muted.find((one) => isNamed(one, diagnostic));
      return by === undefined ? diagnostic : { ...diagnostic, suppressed: by.suppressed };
    };
    const { dockerfile, model } = run.input;
    const directives = inline.enabled === false ? [] : allDirectives;
    if (directives.length === 0) return muted.length === 0 ? run.diagnostics : run.diagnostics.map(byConfig);
    const suppressions = new Suppressions({
      dockerfile,
      model,
      directives,
      names: this.#names,
      active: this.active,
      has: {
        shellcheck: input.shellChecker !== undefined,
        registry: input.registry !== undefined,
        history: input.history !== undefined,
        engine: input.engine !== undefined,
      },
      inline,
      today,
    });
    const found = run.diagnostics.map((diagnostic) => suppressions.apply(diagnostic));
    const active = this.active.byCode.get(UNUSED_IGNORE);
    if (active !== undefined) {
      for (const finding of suppressions.findings()) {
        run.add(active, finding);
        found.push(...run.diagnostics.slice(found.length).map((one) => suppressions.apply(one)));
      }
    }
    return found.map(byConfig);
  }
}

function byPlace(left: Diagnostic, right: Diagnostic): number {
  if (left.target !== right.target) return left.target === "dockerfile" ? -1 : 1;
  return (
    left.span.start - right.span.start ||
    left.span.end - right.span.end ||
    (left.rule < right.rule ? -1 : Number(left.rule > right.rule))
  );
}
