/** One walk of the active rules over one file. */
import type { Model, ShellState, Stage } from "../semantics/model.ts";
import type { Script } from "../shell/script.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Dockerfile, Instruction } from "../syntax/nodes.ts";
import type { ActiveRule, ActiveRules } from "./active-rules.ts";
import type { ContextFacts, IgnoreFile } from "./facts/context-facts.ts";
import { reaches, type Diagnostic, type Level, type Severity } from "./diagnostic.ts";
import type { EngineFacts } from "./facts/engine-facts.ts";
import { FileScripts, type ShellDirective } from "./file-scripts.ts";
import { Fingerprints } from "./fingerprint.ts";
import { isBuildkitName } from "./presets.ts";
import type { Report, RuleContext, Settings } from "./rule.ts";
import type { HistoryFacts } from "./facts/history-facts.ts";
import type { RegistryFacts } from "./facts/registry-facts.ts";
import { ShellcheckError, type ShellChecker } from "./facts/shell-checker.ts";
import type { Visit, VisitTable, VisitTables } from "./visit-tables.ts";

/** The code under which a rule's own failure is reported. */
const INTERNAL_ERROR = "DFL900";

/** Most findings have no fixes and nothing beside: those of a large file share one list of them. */
const NONE: readonly never[] = [];

/** What a walk needs. */
export interface RunInput {
  readonly dockerfile: Dockerfile;
  readonly model: Model;
  readonly compat: ActiveRules["compat"];
  readonly visits: VisitTables;
  readonly settings: Settings;
  readonly context: ContextFacts | undefined;
  readonly shellChecker: ShellChecker | undefined;
  readonly registry: RegistryFacts | undefined;
  readonly history: HistoryFacts | undefined;
  readonly engine: EngineFacts | undefined;
  /** The directives `shell=`, in order of their lines. */
  readonly shells: readonly ShellDirective[];
  /** Whether a directive makes BuildKit's warnings fail the build. */
  readonly buildkitErrors: boolean;
}

/** A walk and what it found. */
export class FileRun {
  readonly input: RunInput;
  readonly diagnostics: Diagnostic[] = [];
  /** The rules that threw, by code. */
  readonly failed: Set<string> = new Set();
  instruction: Instruction | undefined;
  readonly #context: Context;
  readonly #fingerprints: Fingerprints;

  constructor(input: RunInput) {
    this.input = input;
    this.#context = new Context(this);
    this.#fingerprints = new Fingerprints(input.model.stages);
  }

  /** Visits everything once. */
  walk(): void {
    const { model, visits, dockerfile, settings } = this.input;
    for (const instruction of model.preamble) this.#visit(instruction, visits.dead);
    for (const stage of model.stages) {
      this.#context.stage = stage;
      const table = tableFor(stage, visits, settings);
      this.#visit(stage.from, table);
      for (const instruction of stage.instructions) this.#visit(instruction, table);
      this.instruction = undefined;
      this.#call(table.stage, stage);
    }
    this.#context.stage = undefined;
    this.instruction = undefined;
    this.#call(visits.file, dockerfile);
    this.walkIgnoreFile();
  }

  /** Visits the ignore file alone. */
  walkIgnoreFile(): void {
    const ignoreFile = this.input.context?.ignoreFile;
    if (ignoreFile !== undefined) this.#call(this.input.visits.ignoreFile, ignoreFile);
  }

  /** Adds what a rule, or the linter in the name of one, has found. */
  add(active: ActiveRule, report: Report): void {
    const level = this.#levelOf(active, report);
    if (level === "off") return;
    const instruction = report.instruction ?? this.instruction;
    const stage =
      report.stage ?? (instruction && this.input.model.stageOf(instruction)) ?? this.#context.stage;
    const { rule } = active;
    this.diagnostics.push({
      rule: rule.code,
      name: rule.name,
      aliases: report.aliases ?? rule.aliases,
      severity: level,
      category: rule.category,
      message: report.message,
      span: report.at,
      target: report.target ?? "dockerfile",
      stage: stage?.index,
      instruction: instruction?.keyword,
      related: report.related ?? NONE,
      fixes:
        report.fixes?.map((fix) => ({
          title: fix.title,
          applicability: fix.applicability ?? rule.fix ?? "suggestion",
          edits: fix.edits,
          target: fix.target ?? report.target ?? "dockerfile",
        })) ?? NONE,
      evidence: report.evidence ?? NONE,
      fingerprint: this.#fingerprints.next(rule.code, stage, instruction),
    });
  }

  #visit(instruction: Instruction, table: VisitTable): void {
    this.instruction = instruction;
    const isTrigger = instruction.onbuild !== undefined;
    this.#call(table.instructions.get(instruction.keyword) ?? table.any, instruction, isTrigger);
    if (instruction.keyword !== "ONBUILD" || instruction.inner === undefined) return;
    // BuildKit looks at what ONBUILD holds only when it is triggered.
    if (this.input.compat === "buildkit") return;
    this.#visit(instruction.inner, table);
  }

  #call(
    visits: readonly Visit[],
    node: Instruction | Stage | Dockerfile | IgnoreFile,
    isTrigger = false,
  ): void {
    const context = this.#context;
    const called = isTrigger || this.failed.size > 0 ? this.#remaining(visits, isTrigger) : visits;
    let index = 0;
    try {
      // Not by an iterator, which takes as long as many a rule until V8 has optimised it away.
      for (; index < called.length; index += 1) {
        const visit = called[index];
        if (visit === undefined) break;
        context.active = visit.active;
        // The table is keyed by the kind of node that the function takes.
        visit.run(node as never, context);
      }
    } catch (error) {
      if (context.active !== undefined) this.#addFailure(context.active, error);
      this.#call(called.slice(index + 1), node, isTrigger);
    }
  }

  /** Those of the rules that have not failed and, for what stands in an ONBUILD, that look there. */
  #remaining(visits: readonly Visit[], isTrigger: boolean): readonly Visit[] {
    return visits.filter(
      ({ active: { rule } }) => (rule.onbuild || !isTrigger) && !this.failed.has(rule.code),
    );
  }

  #addFailure({ rule }: ActiveRule, error: unknown): void {
    this.failed.add(rule.code);
    const cause = error instanceof Error ? error.message : String(error);
    const blame =
      error instanceof ShellcheckError
        ? "The other rules went on."
        : "This is a defect of dflint, please report it; the other rules went on.";
    const at = this.instruction?.name.span ?? { start: 0, end: 0 };
    this.diagnostics.push({
      rule: INTERNAL_ERROR,
      name: "internal-error",
      aliases: [],
      severity: "error",
      category: "syntax",
      message: `Rule ${rule.code} (${rule.name}) failed here and was left out for this file: ${cause}. ${blame}`,
      span: at,
      target: "dockerfile",
      stage: this.#context.stage?.index,
      instruction: this.instruction?.keyword,
      related: [],
      fixes: [],
      evidence: [],
      fingerprint: this.#fingerprints.next(INTERNAL_ERROR, this.#context.stage, this.instruction),
    });
  }

  #levelOf(active: ActiveRule, report: Report): Level {
    let level: Level = milder(active.severity, report.severity);
    if (active.aliasLevels.size > 0) {
      const levels = (report.aliases ?? active.rule.aliases).map((alias) => active.aliasLevels.get(alias));
      level =
        levels.find((found) => found !== undefined && found !== "off") ??
        (levels.includes("off") ? "off" : level);
    }
    const fails = this.input.buildkitErrors && level !== "off" && active.rule.aliases.some(isBuildkitName);
    return fails ? ("error" satisfies Severity) : level;
  }
}

function milder(level: Severity, own: Severity | undefined): Severity {
  return own !== undefined && reaches(level, own) ? own : level;
}

function tableFor(stage: Stage, visits: VisitTables, { stages }: Settings): VisitTable {
  if (isNamed(stage, stages.dev)) return visits.reachable;
  if (stage.shipped || isNamed(stage, stages.public)) return visits.shipped;
  return stage.reachable ? visits.reachable : visits.dead;
}

function isNamed({ name }: Stage, names: readonly string[]): boolean {
  return name !== undefined && names.length > 0 && names.includes(name);
}

/** What the rules see of the walk, one at a time. */
class Context implements RuleContext {
  readonly #run: FileRun;
  readonly source: SourceFile;
  readonly dockerfile: Dockerfile;
  readonly model: Model;
  readonly settings: Settings;
  readonly context: ContextFacts | undefined;
  readonly compat: "hadolint" | "buildkit" | undefined;
  readonly shellChecker: ShellChecker | undefined;
  readonly registry: RegistryFacts | undefined;
  readonly history: HistoryFacts | undefined;
  readonly engine: EngineFacts | undefined;
  /** The rule that visits, and the stage that it is in. */
  active: ActiveRule | undefined;
  stage: Stage | undefined;
  readonly #scripts: FileScripts;

  constructor(run: FileRun) {
    this.#run = run;
    this.#scripts = new FileScripts(run.input.model, run.input.shells);
    const { dockerfile, model, settings, context } = run.input;
    this.source = dockerfile.source;
    this.dockerfile = dockerfile;
    this.model = model;
    this.settings = settings;
    this.context = context;
    this.compat = run.input.compat;
    this.shellChecker = run.input.shellChecker;
    this.registry = run.input.registry;
    this.history = run.input.history;
    this.engine = run.input.engine;
    this.active = undefined;
    this.stage = undefined;
  }

  get options(): RuleContext["options"] {
    // Checked against the rule's schema when the configuration was read.
    return (this.active?.options ?? {}) as RuleContext["options"];
  }

  script(instruction: Instruction, mention?: RegExp): Script | undefined {
    return this.#scripts.scriptOf(instruction, mention);
  }

  shell(instruction: Instruction): ShellState {
    return this.#scripts.shellOf(instruction);
  }

  report(report: Report): void {
    if (this.active !== undefined) this.#run.add(this.active, report);
  }
}
