/** Lays what one `.dflint.yaml` says over what stands so far. */
import { dirname, resolve } from "node:path";
import { globFault, pathPatterns } from "../files/glob.ts";
import type { PathPatterns } from "../files/path-patterns.ts";
import type { Severity } from "../linter/diagnostic.ts";
import { RULESETS } from "../linter/presets.ts";
import { didYouMean } from "../linter/nearest.ts";
import {
  ruleSetting,
  type Config,
  type EngineConfig,
  type EngineMode,
  type IgnoreEntry,
  type RuleSettings,
} from "./config.ts";
import { nearPath } from "./near-path.ts";
import { ConfigError } from "./config-error.ts";
import { parseSize } from "./size.ts";
import type { YamlFile, YamlValue } from "./read-yaml.ts";

/** The configuration with a file's values laid over it. Lists of patterns, rules and ignores are added to. */
export function mergeFile(base: Config, file: YamlFile): Config {
  const values = new Values(file.values);
  const folder = dirname(resolve(file.path));
  const patterns = (key: string): PathPatterns[] => {
    const list = values.strings(key);
    return list === undefined ? [] : [checkedPatterns(list, key, file)];
  };
  const labels = values.object("labels");
  const stages = values.object("stages");
  const inline = values.object("inline");
  const fix = values.object("fix");
  const shellcheck = values.object("shellcheck");
  const context = values.string("context");
  const baseline = values.string("baseline");
  return {
    ...base,
    path: file.path,
    ruleset: checkedRuleset(values.string("ruleset"), file) ?? base.ruleset,
    failOn: (values.string("fail-on") as Severity | "never" | undefined) ?? base.failOn, // one of the shape's values
    include: [...base.include, ...patterns("include")],
    exclude: [...base.exclude, ...patterns("exclude")],
    context: context === undefined ? base.context : resolve(folder, context),
    buildArgs: { ...base.buildArgs, ...values.texts("build-args") },
    settings: {
      trustedRegistries: values.strings("trusted-registries") ?? base.settings.trustedRegistries,
      labels: {
        required: { ...base.settings.labels.required, ...labels?.texts("required") },
        strict: labels?.boolean("strict") ?? base.settings.labels.strict,
      },
      stages: {
        public: stages?.strings("public") ?? base.settings.stages.public,
        dev: stages?.strings("dev") ?? base.settings.stages.dev,
      },
    },
    rules: [...base.rules, ...values.rules("rules")],
    overrides: [
      ...base.overrides,
      ...values.objects("overrides").map((entry, index) => ({
        files: checkedPatterns(entry.strings("files") ?? [], `overrides.${index}.files`, file),
        rules: entry.rules("rules"),
      })),
    ],
    ignore: [
      ...base.ignore,
      ...values
        .objects("ignore")
        .map((entry, index) =>
          ignoreEntry(entry, (files) => checkedPatterns(files, `ignore.${index}.files`, file)),
        ),
    ],
    inline: {
      enabled: inline?.boolean("enabled") ?? base.inline.enabled,
      requireReason: inline?.boolean("require-reason") ?? base.inline.requireReason,
      reportUnused: inline?.boolean("report-unused") ?? base.inline.reportUnused,
    },
    fix: {
      unsafe: fix?.boolean("unsafe") ?? base.fix.unsafe,
      never: [...base.fix.never, ...(fix?.strings("never") ?? [])],
    },
    shellcheck: {
      mode: (shellcheck?.string("mode") as Config["shellcheck"]["mode"] | undefined) ?? base.shellcheck.mode, // one of the shape's values
      exclude: [...base.shellcheck.exclude, ...(shellcheck?.strings("exclude") ?? [])],
    },
    engine: mergeEngine(base.engine, values.object("engine"), file),
    baseline: baseline === undefined ? base.baseline : nearPath(resolve(folder, baseline)),
    origins: mergeOrigins(base, file),
  };
}

function mergeEngine(base: EngineConfig, engine: Values | undefined, file: YamlFile): EngineConfig {
  const budget = engine?.object("budget");
  const bytes = (key: string): number | undefined =>
    checkedSize(budget?.string(key), `engine.budget.${key}`, file);
  return {
    mode: (engine?.string("mode") as EngineMode | undefined) ?? base.mode, // one of the shape's values
    pull: engine?.boolean("pull") ?? base.pull,
    budget: {
      wastedBytes: bytes("wasted-bytes") ?? base.budget.wastedBytes,
      imageBytes: bytes("image-bytes") ?? base.budget.imageBytes,
    },
  };
}

function checkedSize(text: string | undefined, key: string, file: YamlFile): number | undefined {
  const bytes = text === undefined ? undefined : parseSize(text);
  if (bytes !== undefined || text === undefined) return bytes;
  const message = `"${key}" must be a size such as 20MB or 20000000, not "${text}".`;
  throw new ConfigError([{ message, position: file.positions.get(key) }]);
}

function ignoreEntry(entry: Values, patterns: (files: readonly string[]) => PathPatterns): IgnoreEntry {
  const files = entry.strings("files");
  return {
    rule: entry.string("rule") ?? "",
    files: files && patterns(files),
    reason: entry.string("reason"),
    until: entry.string("until"),
  };
}

function checkedPatterns(
  patterns: readonly string[],
  key: string,
  { path, positions }: YamlFile,
): PathPatterns {
  for (const [index, pattern] of patterns.entries()) {
    const fault = globFault(pattern);
    if (fault === undefined) continue;
    const own = `${key}.${index}`;
    const name = positions.has(own) ? own : key;
    throw new ConfigError([
      { message: `"${name}" is no pattern: it ${fault}.`, position: positions.get(name) },
    ]);
  }
  return pathPatterns(dirname(resolve(path)), patterns);
}

function checkedRuleset(ruleset: string | undefined, file: YamlFile): string | undefined {
  if (ruleset === undefined || RULESETS.includes(ruleset)) return ruleset;
  const message = `There is no ruleset "${ruleset}": use ${RULESETS.join(", ")}.${didYouMean(ruleset, RULESETS)}`;
  throw new ConfigError([{ message, position: file.positions.get("ruleset") }]);
}

/** Lists are added to: what is first in a file may not be first in the whole. */
function mergeOrigins(base: Config, file: YamlFile): ReadonlyMap<string, string> {
  const before: Readonly<Record<string, number>> = {
    overrides: base.overrides.length,
    ignore: base.ignore.length,
  };
  const origins = new Map(base.origins);
  for (const [key, { path, line, column }] of file.positions) {
    const [, list = "", index = "", rest = ""] = /^(overrides|ignore)\.(\d+)(.*)$/.exec(key) ?? [];
    const name = list === "" ? key : `${list}.${Number(index) + (before[list] ?? 0)}${rest}`;
    origins.set(name, `${path}:${line}:${column}`);
  }
  return origins;
}

/** Reads values that were checked against the shape, so that a kind need not be asked for again. */
class Values {
  readonly #values: Readonly<Record<string, YamlValue>>;

  constructor(values: Readonly<Record<string, YamlValue>>) {
    this.#values = values;
  }

  string(key: string): string | undefined {
    const value = this.#values[key];
    return typeof value === "string" ? value : undefined;
  }

  boolean(key: string): boolean | undefined {
    const value = this.#values[key];
    return typeof value === "boolean" ? value : undefined;
  }

  strings(key: string): readonly string[] | undefined {
    const value = this.#values[key];
    return Array.isArray(value) ? value.map(String) : undefined;
  }

  object(key: string): Values | undefined {
    const value = this.#values[key];
    return isMapping(value) ? new Values(value) : undefined;
  }

  objects(key: string): readonly Values[] {
    const value = this.#values[key];
    return Array.isArray(value) ? value.filter(isMapping).map((item) => new Values(item)) : [];
  }

  texts(key: string): Readonly<Record<string, string>> {
    const value = this.#values[key];
    return isMapping(value)
      ? Object.fromEntries(
          Object.entries(value).map(([name, text]) => [name, typeof text === "string" ? text : ""]),
        )
      : {};
  }

  rules(key: string): RuleSettings {
    const value = this.#values[key];
    return isMapping(value)
      ? Object.entries(value).map(([name, setting]) => [name, ruleSetting(setting)] as const)
      : [];
  }
}

function isMapping(value: YamlValue | undefined): value is { readonly [key: string]: YamlValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
