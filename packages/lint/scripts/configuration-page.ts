/** `docs/configuration.md`: every key of `.dflint.yaml`, from the shape that files are checked against. */
import { LEVELS, type Shape } from "../src/config/schema.ts";
import { PRESETS, RULESETS } from "../src/linter/presets.ts";

type ObjectShape = Extract<Shape, { kind: "object" }>;

/** The page. */
export function configurationPage(shape: ObjectShape): string {
  return `# Configuration

dflint reads \`.dflint.yaml\` (or \`.dflint.yml\`): for each Dockerfile the nearest one upward from it, to the root of
the repository, and no other. \`--config FILE\` takes one file for all, \`--no-config\` none. What the command line says
wins. \`dflint init\` writes a first one; \`dflint config --show Dockerfile\` tells what holds for a file, and which line says
so. A key, rule or value that there is not ends the run with 2 and its place.

A path is relative to the configuration's folder, and so are patterns. They are globs, with \`**\` for any folders.

Presets: ${PRESETS.map((name) => `\`${name}\``).join(", ")}. Rulesets: ${RULESETS.map((name) => `\`${name}\``).join(", ")}. With
\`extends\`, the values of presets, files and packages are laid over one another in their order, and the file's own over
those; what is a list of patterns, rules or ignores is added to.

| key | takes | what it says |
| --- | --- | --- |
${keyRows(shape, "").join("\n")}

A rule is called by its code (\`DFL101\`), its name, or what hadolint or BuildKit call it; which options it takes, says
its page: [rules](rules/README.md). The same as a JSON Schema, for editors, is \`schema/dflint.schema.json\`; the first line

\`\`\`yaml
# yaml-language-server: $schema=node_modules/dflint/schema/dflint.schema.json
\`\`\`

lets an editor with YAML support complete and check the file.
`;
}

function keyRows({ keys }: ObjectShape, above: string): readonly string[] {
  return Object.entries(keys).flatMap(([name, shape]) => {
    const key = above === "" ? name : `${above}.${name}`;
    if (shape.kind === "object") return keyRows(shape, key);
    const row = `| \`${key}\` | ${taken(shape)} | ${shape.description ?? ""} |`;
    return shape.kind === "list" && shape.of.kind === "object"
      ? [row, ...keyRows(shape.of, `${key}[]`)]
      : [row];
  });
}

/** What may stand behind a key. */
function taken(shape: Shape): string {
  switch (shape.kind) {
    case "boolean":
      return "`true` or `false`";
    case "integer":
      return shape.minimum !== undefined && shape.minimum === shape.maximum
        ? `\`${shape.minimum}\``
        : "a whole number";
    case "string":
      return shape.values === undefined ? "a text" : wordList(shape.values);
    case "date":
      return "a date such as `2027-01-31`";
    case "strings":
      if (shape.values !== undefined) return `one or a list of ${wordList(shape.values)}`;
      return shape.areRules === true ? "a rule or a list of rules" : "a text or a list of texts";
    case "list":
      return "a list of mappings";
    case "map":
      return `names, each with ${taken(shape.of)}`;
    case "rule":
      return "a rule";
    case "rules":
      return `rules, each with a level (${wordList(LEVELS)}) or \`{level: …, OPTION: …}\``;
    default:
      return "a mapping";
  }
}

function wordList(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}
