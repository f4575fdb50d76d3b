/** The effective configuration as a list of values, each with its origin. */
import type { Config } from "../../config/config.ts";
import type { ActiveRules } from "../../linter/active-rules.ts";
import type { RuleNames } from "../../linter/rule-names.ts";

/** One value. */
export interface EffectiveValue {
  /** As in `.dflint.yaml`. */
  readonly key: string;
  readonly value: unknown;
  /** `path:line:column`, `preset NAME`, `--preset` or `default`. */
  readonly origin: string;
}

/** What the values of one file are. */
export interface FileConfig {
  readonly config: Config;
  readonly active: ActiveRules;
  /** The indices of the overrides that apply to it. */
  readonly overrides: readonly number[];
  /** Whether `--preset` chooses the preset. */
  readonly isPresetGiven: boolean;
}

/** Every value; of the rules those that run, by name, and those that are configured not to. */
export function effectiveValues(
  { config, active, overrides, isPresetGiven }: FileConfig,
  names: RuleNames,
): readonly EffectiveValue[] {
  const { origins, settings, inline, fix } = config;
  const originOf = (key: string): string => origins.get(key) ?? "default";
  const row = (key: string, value: unknown, origin = originOf(key)): EffectiveValue => ({
    key,
    value,
    origin,
  });
  const lists = (key: "include" | "exclude"): EffectiveValue =>
    row(
      key,
      config[key].flatMap(({ patterns }) => patterns),
    );
  const ruleOrigins = originsByRule(config, overrides, names);
  return [
    row("extends", config.preset, isPresetGiven ? "--preset" : originOf("extends")),
    row("ruleset", config.ruleset),
    row("fail-on", config.failOn),
    lists("include"),
    lists("exclude"),
    row("context", config.context ?? null),
    row("stages.public", settings.stages.public),
    row("stages.dev", settings.stages.dev),
    row("build-args", config.buildArgs),
    row("trusted-registries", settings.trustedRegistries),
    row("labels.required", settings.labels.required),
    row("labels.strict", settings.labels.strict),
    row("inline.enabled", inline.enabled ?? true),
    row("inline.require-reason", inline.requireReason ?? false),
    row("inline.report-unused", inline.reportUnused ?? null),
    row("fix.unsafe", fix.unsafe),
    row("fix.never", fix.never),
    row("engine.mode", config.engine.mode ?? "off"),
    row("engine.pull", config.engine.pull),
    row("engine.budget.wasted-bytes", config.engine.budget.wastedBytes ?? null),
    row("engine.budget.image-bytes", config.engine.budget.imageBytes ?? null),
    row("shellcheck.mode", config.shellcheck.mode),
    row("shellcheck.exclude", config.shellcheck.exclude),
    row("baseline", config.baseline ?? null),
    row(
      "ignore",
      config.ignore.map(({ rule, files, reason, until }) => ({
        rule,
        files: files?.patterns,
        reason,
        until,
      })),
    ),
    ...active.all.map(({ rule, severity, options }) => {
      const value = Object.keys(options).length === 0 ? severity : { level: severity, ...options };
      const origin = ruleOrigins.get(rule.code)?.origin ?? `preset ${config.preset}`;
      return row(`rules.${rule.name}`, value, origin);
    }),
    ...[...ruleOrigins]
      .filter(([code]) => !active.byCode.has(code))
      .map(([, { name, origin }]) => row(`rules.${name}`, "off", origin)),
  ];
}

/** Where rules are configured, whatever name they are called by there; by code. */
function originsByRule(
  { origins }: Config,
  overrides: readonly number[],
  names: RuleNames,
): ReadonlyMap<string, { readonly name: string; readonly origin: string }> {
  const byRule = new Map<string, { readonly name: string; readonly origin: string }>();
  const add = (pattern: RegExp): void => {
    for (const [key, origin] of origins) {
      const called = pattern.exec(key)?.[1];
      for (const { rule } of called === undefined ? [] : names.findAll(called)) {
        byRule.set(rule.code, { name: rule.name, origin });
      }
    }
  };
  // In the order in which they win.
  add(/^rules\.([^.]+)$/);
  for (const index of overrides) add(new RegExp(`^overrides\\.${index}\\.rules\\.([^.]+)$`));
  return byRule;
}
