/** A `.dflint.yaml` that says what a `.hadolint.yaml` says. */
import type { RuleNames } from "../linter/rule-names.ts";
import { failOn, readHadolint, ruleSettings } from "./hadolint.ts";

/** The new configuration, and what of the old one has no place in it. */
export interface MigratedConfig {
  readonly text: string;
  /** One sentence each. */
  readonly notes: readonly string[];
}

/** Keys about hadolint's output, which the command line decides here. */
const OUTPUT_KEYS: Readonly<Record<string, string>> = {
  format: "choose a format with --output",
  "no-color": "use --no-color",
  verbose: "there is nothing like it here",
};

/** Translates a `.hadolint.yaml`. Throws ConfigError. */
export function migrateHadolintConfig(path: string, text: string, names: RuleNames): MigratedConfig {
  const file = readHadolint(path, text, names);
  const { values } = file;
  const notes = Object.entries(OUTPUT_KEYS)
    .filter(([key]) => Object.hasOwn(values, key))
    .map(([key, advice]) => `"${key}" is about hadolint's output and is left out; ${advice}.`);
  const levels = new Map<string, string>();
  for (const [code, { level = "off" }] of ruleSettings(file)) {
    if (names.find(code) !== undefined) levels.set(code, level);
    else
      notes.push(
        `${code} is left out: no rule stands for it, neither here nor in hadolint's table of rules.`,
      );
  }
  const reasons = commentsByCode(text);
  const withReason = (line: string, code: string): string =>
    reasons.has(code) ? `${line} # ${reasons.get(code)}` : line;
  const list = (items: Iterable<string>): string[] => [...items].map((item) => `  - ${JSON.stringify(item)}`);
  const registries = values["trustedRegistries"];
  const schema = Object.entries((values["label-schema"] ?? {}) as Readonly<Record<string, string>>); // by the shape
  const isStrict = values["strict-labels"];
  const lines = [
    `# Made of ${path.split(/[\\/]/).at(-1)} by "dflint migrate hadolint".`,
    "version: 1",
    "extends: hadolint",
    `fail-on: ${failOn(file)}`,
    ...section("trusted-registries:", Array.isArray(registries) ? list(registries.map(String)) : []),
    ...section("labels:", [
      ...section(
        "  required:",
        schema.map(([label, type]) => `    ${JSON.stringify(label)}: ${type}`),
      ),
      ...(typeof isStrict === "boolean" ? [`  strict: ${isStrict}`] : []),
    ]),
    ...section(
      "rules:",
      [...levels].map(([code, level]) => withReason(`  ${code}: ${level}`, code)),
    ),
    ...(values["disable-ignore-pragma"] === true ? ["inline:", "  enabled: false"] : []),
  ];
  return { text: `${lines.join("\n")}\n`, notes };
}

/** A heading with what is below it; nothing where nothing is. */
function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading, ...lines];
}

/** Comments behind the items of lists, which often say why. */
function commentsByCode(text: string): ReadonlyMap<string, string> {
  const items = text.matchAll(/^\s*-\s*["']?([A-Z]{2}\d+)["']?[ \t]+#[ \t]*(\S.*?)\s*$/gm);
  return new Map([...items].map(([, code = "", comment = ""]) => [code, comment]));
}
