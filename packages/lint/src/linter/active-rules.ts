/** Which rules run, and at which level. Made once for many files. */
import type { Level, Severity } from "./diagnostic.ts";
import { DEFAULT_RULESET, presetLevel, type Preset } from "./presets.ts";
import type { Rule } from "./rule.ts";
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

/** The rules that run. */
export interface ActiveRules {
  readonly preset: Preset;
  readonly ruleset: string;
  /** The linter whose verdicts the preset gives; undefined for dflint's own. */
  readonly compat: "hadolint" | "buildkit" | undefined;
  /** In the order of the rules that were to choose from. */
  readonly all: readonly ActiveRule[];
  readonly byCode: ReadonlyMap<string, ActiveRule>;
}

/** Decides which rules run. */
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
