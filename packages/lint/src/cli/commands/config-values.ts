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

/** Every value of a configuration; of the rules those that run, by name. */
export function effectiveValues(
  config: Config,
  active: ActiveRules,
  isPresetGiven: boolean,
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
  const ruleOrigins = originsByRule(config, names);
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
    row("inline.report-unused", inline.reportUnused ?? true),
    row("fix.unsafe", fix.unsafe),
    row("fix.never", fix.never),
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
      return row(`rules.${rule.name}`, value, ruleOrigins.get(rule.code) ?? `preset ${config.preset}`);
    }),
  ];
}

/** Where rules are configured, whatever name they are called by there. */
function originsByRule({ origins }: Config, names: RuleNames): ReadonlyMap<string, string> {
  const byRule = new Map<string, string>();
  for (const [key, origin] of origins) {
    const name = /^(?:overrides\.\d+\.)?rules\.([^.]+)$/.exec(key)?.[1];
    const named = name === undefined ? undefined : names.find(name);
    if (named !== undefined) byRule.set(named.rule.code, origin);
  }
  return byRule;
}
