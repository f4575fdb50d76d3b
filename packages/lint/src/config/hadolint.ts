/** `.hadolint.yaml`: hadolint's configuration, read as ours. */
import type { Level, Severity } from "../linter/diagnostic.ts";
import type { RuleNames } from "../linter/rule-names.ts";
import type { Config, RuleSettings } from "./config.ts";
import { readYaml, type YamlFile } from "./read-yaml.ts";
import { LABEL_TYPES, type Shape } from "./schema.ts";

const OVERRIDES = ["error", "warning", "info", "style"] as const;
const THRESHOLDS = ["error", "warning", "info", "style", "ignore", "none"] as const;

const SHAPE: Extract<Shape, { kind: "object" }> = {
  kind: "object",
  emptyIsAbsent: true,
  keys: {
    ignored: { kind: "strings" },
    override: {
      kind: "object",
      emptyIsAbsent: true,
      keys: Object.fromEntries(OVERRIDES.map((level) => [level, { kind: "strings" }])),
    },
    trustedRegistries: { kind: "strings" },
    "label-schema": { kind: "map", of: { kind: "string", values: LABEL_TYPES } },
    "strict-labels": { kind: "boolean" },
    "failure-threshold": { kind: "string", values: THRESHOLDS },
    "no-fail": { kind: "boolean" },
    "disable-ignore-pragma": { kind: "boolean" },
    // What follows is about hadolint's output, not about verdicts.
    format: { kind: "string" },
    "no-color": { kind: "boolean" },
    verbose: { kind: "boolean" },
  },
};

const KEY =
  /["']?(?:ignored|override|trustedRegistries|label-schema|strict-labels|failure-threshold|no-fail|disable-ignore-pragma)["']?\s*:/
    .source;
/** One line each. */
const KEY_OF_BLOCK = new RegExp(`^${KEY}`, "m");
/** In a mapping in braces, as JSON is, which may be set in lines in any way. */
const KEY_IN_BRACES = new RegExp(`[{,\\s]${KEY}`);
const IN_BRACES = /^(?:\s|#.*\n|---\s)*\{/;

/** Whether a file is one of hadolint's, judged by its name, or else by a key that only hadolint has. */
export function isHadolintConfig(path: string, text: string): boolean {
  if (/hadolint\.ya?ml$/i.test(path)) return true;
  return (IN_BRACES.test(text) ? KEY_IN_BRACES : KEY_OF_BLOCK).test(text);
}

/** Reads a `.hadolint.yaml`. Throws ConfigError. */
export function readHadolint(path: string, text: string, names: RuleNames): YamlFile {
  return readYaml(text, { path, shape: SHAPE, names });
}

/** Lays what a `.hadolint.yaml` says over a configuration, with the preset `hadolint`. Throws ConfigError. */
export function mergeHadolint(base: Config, path: string, text: string, names: RuleNames): Config {
  const file = readHadolint(path, text, names);
  const { values } = file;
  return {
    ...base,
    path,
    preset: "hadolint",
    failOn: failOn(file),
    settings: {
      ...base.settings,
      trustedRegistries: strings(values["trustedRegistries"]),
      labels: {
        // The shape allows nothing but texts here.
        required: (values["label-schema"] ?? {}) as Readonly<Record<string, string>>,
        strict: values["strict-labels"] === true,
      },
    },
    rules: [...base.rules, ...ruleSettings(file)],
    inline: { ...base.inline, ...(values["disable-ignore-pragma"] === true && { enabled: false }) },
    origins: originsOf(file, base.origins),
  };
}

/** What hadolint's keys are called in `.dflint.yaml`. */
const KEYS: Readonly<Record<string, string>> = {
  trustedRegistries: "trusted-registries",
  "label-schema": "labels.required",
  "strict-labels": "labels.strict",
  "failure-threshold": "fail-on",
  "no-fail": "fail-on",
  "disable-ignore-pragma": "inline.enabled",
};

/** Where values come from, under the names that they have in `.dflint.yaml`. */
function originsOf(file: YamlFile, base: Config["origins"]): ReadonlyMap<string, string> {
  const origins = new Map([...base, ["extends", file.path], ["fail-on", file.path]]);
  const rules = new Map<string, string>();
  for (const [key, { path, line, column }] of file.positions) {
    const [list = "", ...indices] = key.split(".");
    const own = indices.length === 0 ? KEYS[list] : undefined;
    const place = `${path}:${line}:${column}`;
    if (own !== undefined) origins.set(own, place);
    if (list !== "ignored" && list !== "override") continue;
    const code = indices.reduce<unknown>((value, index) => (value as Values)[index], file.values[list]);
    // What is ignored wins over what is overridden, and is to be told.
    if (typeof code === "string" && (list === "ignored" || !rules.has(code))) rules.set(code, place);
  }
  for (const [code, place] of rules) origins.set(`rules.${code}`, place);
  return origins;
}

/** A list or a mapping of the file. */
type Values = Readonly<Record<string, unknown>>;

/** In hadolint `ignored` wins over `override`, and codes that no rule stands for are passed over. */
export function ruleSettings({ values }: YamlFile): RuleSettings {
  const override = values["override"] as Readonly<Record<string, readonly string[]>> | undefined; // by the shape
  const settings: [string, { level: Level }][] = [];
  for (const level of OVERRIDES) {
    for (const code of override?.[level] ?? []) settings.push([code, { level }]);
  }
  for (const code of strings(values["ignored"])) settings.push([code, { level: "off" }]);
  return settings;
}

/** From which level on hadolint fails; `info` where nothing is said. */
export function failOn({ values }: YamlFile): Severity | "never" {
  const threshold = values["failure-threshold"];
  if (values["no-fail"] === true || threshold === "none") return "never";
  if (typeof threshold !== "string") return "info";
  return threshold === "ignore" ? "style" : (threshold as Severity); // one of the shape's values
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
