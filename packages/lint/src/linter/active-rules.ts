/** Which rules run at which level, and the table by which the walk reaches them. Made once for many files. */
import type { Keyword } from "../syntax/nodes.ts";
import { reaches, type Level, type Severity } from "./diagnostic.ts";
import { DEFAULT_RULESET, presetLevel, type Preset } from "./presets.ts";
import type { Rule, RuleContext } from "./rule.ts";
import type { RuleNames } from "./rule-names.ts";

/** What is configured for one rule, under its code or one of its aliases. */
export interface RuleSetting {
  /** Undefined leaves the preset's level. */
  readonly level?: Level | undefined;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** A choice of rules. Every name may be a code, a name or an alias; unknown ones must be refused before. */
export interface RuleSelection {
  /** Default `recommended`. */
  readonly preset?: Preset | undefined;
  /** Default: the ruleset of this major version. */
  readonly ruleset?: string | undefined;
  /** Levels and options, in the order of `.dflint.yaml`, later ones winning. */
  readonly rules?: readonly (readonly [name: string, setting: RuleSetting])[] | undefined;
  /** Only these run. */
  readonly only?: readonly string[] | undefined;
  /** These run, too, even where the preset has them off. */
  readonly select?: readonly string[] | undefined;
  /** These do not run; wins over everything. */
  readonly ignore?: readonly string[] | undefined;
}

/** A rule that runs. */
export interface ActiveRule {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly options: Readonly<Record<string, unknown>>;
  /** The level of a finding that is one of the rule's aliases, where that differs. */
  readonly aliasLevels: ReadonlyMap<string, Level>;
}

/** One function to call. */
export interface Visit {
  readonly active: ActiveRule;
  // The rule's own type of node is erased: the table is keyed by it.
  readonly run: (node: never, context: RuleContext) => void;
}

/** What is called for each kind of node. */
export interface VisitTable {
  /** Holds what visits every instruction, too. */
  readonly instructions: ReadonlyMap<Keyword, readonly Visit[]>;
  /** For the instructions that nothing visits in particular. */
  readonly any: readonly Visit[];
  readonly stage: readonly Visit[];
}

/** The rules that run. */
export interface ActiveRules extends VisitTables {
  readonly preset: Preset;
  readonly ruleset: string;
  readonly compat: "hadolint" | "buildkit" | undefined;
  readonly all: readonly ActiveRule[];
  readonly byCode: ReadonlyMap<string, ActiveRule>;
}

/** What is called of the rules that run. */
interface VisitTables {
  /** For stages that ship, for those that only help to build, and for dead ones. */
  readonly shipped: VisitTable;
  readonly reachable: VisitTable;
  readonly dead: VisitTable;
  readonly file: readonly Visit[];
  readonly ignoreFile: readonly Visit[];
}

/** Decides which rules run and prepares the walk. */
export function activateRules(
  rules: readonly Rule[],
  names: RuleNames,
  selection: RuleSelection,
): ActiveRules {
  const preset = selection.preset ?? "recommended";
  const ruleset = selection.ruleset ?? DEFAULT_RULESET;
  const settings = settingsByCode(names, selection);
  const codes = (list: readonly string[] | undefined): Set<string> | undefined =>
    list && new Set(list.flatMap((name) => names.findAll(name).map(({ rule }) => rule.code)));
  const only = codes(selection.only);
  const select = codes(selection.select);
  const ignore = codes(selection.ignore);
  const all: ActiveRule[] = [];
  for (const rule of rules) {
    if (ignore?.has(rule.code) === true || (only !== undefined && !only.has(rule.code))) continue;
    const own = settings.get(rule.code);
    const asked = only?.has(rule.code) === true || select?.has(rule.code) === true;
    let level = own?.level ?? presetLevel(rule, preset, ruleset);
    const aliasLevels = levelsByAlias(rule, own?.aliases, preset, ruleset, own?.level);
    if (level === "off") level = [...aliasLevels.values()].find((other) => other !== "off") ?? "off";
    if (level === "off" && asked) level = presetLevel(rule, "strict", rule.since);
    // A rule that no preset has on still runs for who asks for it.
    if (level === "off" && asked) level = "warning";
    if (level === "off") continue;
    all.push({
      rule,
      severity: level,
      options: optionsOf(rule, own?.options),
      aliasLevels,
    });
  }
  const compat = preset === "hadolint" || preset === "buildkit" ? preset : undefined;
  return {
    preset,
    ruleset,
    compat,
    all,
    byCode: new Map(all.map((active) => [active.rule.code, active])),
    ...tablesOf(all, compat),
  };
}

/** The same rules, of which those are not called whose findings are all milder than a level. */
export function callingFrom(active: ActiveRules, least: Severity | "never"): ActiveRules {
  const mayReach = ({ rule, severity, aliasLevels }: ActiveRule): boolean =>
    // An ignore file with findings is one more file, whatever their level.
    rule.category === "context" ||
    [severity, ...aliasLevels.values()].some((level) => level !== "off" && reaches(level, least));
  return { ...active, ...tablesOf(active.all.filter(mayReach), active.compat) };
}

function tablesOf(rules: readonly ActiveRule[], compat: ActiveRules["compat"]): VisitTables {
  // Neither hadolint nor BuildKit's own check leaves a stage out.
  const everywhere = compat !== undefined;
  return {
    shipped: tableOf(rules),
    reachable: tableOf(everywhere ? rules : rules.filter(({ rule }) => rule.scope !== "shipped")),
    dead: tableOf(everywhere ? rules : rules.filter(({ rule }) => rule.scope === "all")),
    file: visitsOf(rules, "file"),
    ignoreFile: visitsOf(rules, "ignoreFile"),
  };
}

interface CollectedSetting {
  level: Level | undefined;
  options: Readonly<Record<string, unknown>>;
  readonly aliases: Map<string, Level>;
}

function settingsByCode(names: RuleNames, selection: RuleSelection): Map<string, CollectedSetting> {
  const settings = new Map<string, CollectedSetting>();
  for (const [name, { level, options }] of selection.rules ?? []) {
    for (const { rule, alias } of names.findAll(name)) {
      const known = settings.get(rule.code) ?? { level: undefined, options: {}, aliases: new Map() };
      settings.set(rule.code, known);
      if (options !== undefined) known.options = { ...known.options, ...options };
      if (level === undefined) continue;
      if (alias !== undefined && standsForSeveral(rule)) known.aliases.set(alias, level);
      else {
        known.level = level;
        known.aliases.clear();
      }
    }
  }
  return settings;
}

/** Whether a setting by one alias must leave the others alone. */
function standsForSeveral(rule: Rule): boolean {
  return typeof rule.severity.hadolint === "object" || rule.aliasPattern !== undefined;
}

function levelsByAlias(
  rule: Rule,
  configured: ReadonlyMap<string, Level> | undefined,
  preset: Preset,
  ruleset: string,
  own: Level | undefined,
): ReadonlyMap<string, Level> {
  const levels = new Map<string, Level>();
  if (preset === "hadolint" && own === undefined && standsForSeveral(rule)) {
    for (const alias of rule.aliases) levels.set(alias, presetLevel(rule, preset, ruleset, alias));
  }
  for (const [alias, level] of configured ?? []) levels.set(alias, level);
  return levels;
}

function optionsOf(
  rule: Rule,
  given: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> {
  const options: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(rule.options)) options[name] = given?.[name] ?? schema.default;
  return options;
}

function tableOf(rules: readonly ActiveRule[]): VisitTable {
  const any = visitsOf(rules, "instruction");
  const instructions = new Map<Keyword, Visit[]>();
  for (const active of rules) {
    for (const [name, run] of Object.entries(active.rule.visit)) {
      if (!/^[A-Z]/.test(name) || run === undefined) continue;
      const visits = instructions.get(name as Keyword) ?? [...any]; // what is in capitals is a keyword
      visits.push({ active, run });
      instructions.set(name as Keyword, visits);
    }
  }
  return { instructions, any, stage: visitsOf(rules, "stage") };
}

function visitsOf(
  rules: readonly ActiveRule[],
  kind: "instruction" | "stage" | "file" | "ignoreFile",
): readonly Visit[] {
  return rules.flatMap((active) => {
    const run = active.rule.visit[kind];
    return run === undefined ? [] : [{ active, run }];
  });
}
