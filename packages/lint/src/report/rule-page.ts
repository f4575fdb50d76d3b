/** The page of a rule, made from its file: for `docs/rules`, `dflint explain` and other formats. */
import { readMarks } from "../linter/example.ts";
import { presetLevel, PRESETS, type Preset } from "../linter/presets.ts";
import type { BadExample, OptionSchema, Rule } from "../linter/rule.ts";
import { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import { EVIDENCE, EVIDENCE_DATE } from "./generated/evidence.ts";

/** The page as Markdown. */
export function rulePage(rule: Rule): string {
  const docs = rule.docs();
  const sections = [
    `# ${rule.code} ${rule.name}`,
    `${rule.summary}.`,
    factTable(rule),
    `## Why\n\n${paragraphs(docs.why)}`,
    ...optionSection(rule),
    ...measuredSection(rule.code),
    ...(docs.engine === undefined ? [] : [`## With an engine\n\n${paragraphs(docs.engine)}`]),
    "## Reported",
    ...docs.bad.map((example) => exampleSection(example)),
    "## Not reported",
    ...docs.good.map((example) => exampleSection(example)),
    `## Muting it\n\n\`\`\`dockerfile\n# dflint ignore=${rule.name} -- why\n\`\`\`\n\nabove the instruction, or \`rules: {${rule.name}: off}\` in \`.dflint.yaml\`.`,
  ];
  return `${sections.join("\n\n")}\n`;
}

function measuredSection(code: string): readonly string[] {
  const rows = EVIDENCE[code];
  if (rows === undefined) return [];
  const how = `On ${EVIDENCE_DATE}, a Dockerfile that breaks the rule → one that keeps it; which ones, says docs/evidence.md in the repository.`;
  return [`## Measured\n\n${how}\n\n${rows}`];
}

/** What is known about a rule, as data. */
export function ruleObject(rule: Rule): object {
  const { why, engine, bad, good } = rule.docs();
  return {
    code: rule.code,
    name: rule.name,
    aliases: rule.aliases,
    category: rule.category,
    levels: levelsOf(rule),
    scope: rule.scope,
    fix: rule.fix ?? null,
    ruleset: rule.since,
    summary: rule.summary,
    why: paragraphs(why),
    engine: rule.engine === undefined ? null : { mode: rule.engine, adds: paragraphs(engine ?? "") },
    options: rule.options,
    examples: {
      bad: bad.map(({ title, dockerfile, fixed, files, dockerignore }) => ({
        title,
        dockerfile: readMarks(dockerfile).text,
        reported: readMarks(dockerfile).spans.map(({ start, end }) => [start, end]),
        dockerignore: dockerignore === undefined ? undefined : readMarks(dockerignore).text,
        files,
        fixed,
      })),
      good: good.map(({ title, dockerfile, files }) => ({ title, dockerfile, files })),
    },
  };
}

function levelsOf(rule: Rule): Record<Preset, string> {
  const levels = PRESETS.map((preset) => [preset, presetLevel(rule, preset, rule.since)] as const);
  return Object.fromEntries(levels) as Record<Preset, string>; // one entry for each preset
}

function factTable(rule: Rule): string {
  const levels = Object.entries(levelsOf(rule)).filter(([preset]) => preset !== "preview");
  const scopes = {
    shipped: "the final stage (or `--target`) and the stages it is based on",
    reachable: "the stages that the build needs",
    all: "the whole file",
  };
  const rows = [
    ["level", levels.map(([preset, level]) => `${preset}: ${level}`).join(" · ")],
    ["looks at", scopes[rule.scope]],
    ["fix", rule.fix ?? "none"],
    ["also known as", rule.aliases.length === 0 ? "–" : rule.aliases.join(", ")],
    ...(rule.engine === undefined ? [] : [["made more exact by", `\`--engine ${rule.engine}\``]]),
    ["category", rule.category],
    ["ruleset", rule.since],
  ];
  return ["| | |", "| --- | --- |", ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join("\n");
}

function optionSection({ options }: Rule): string[] {
  const entries = Object.entries<OptionSchema>(options);
  if (entries.length === 0) return [];
  const rows = entries.map(([name, { type, default: value, description }]) => {
    const kind = type === "strings" ? "list of texts" : type;
    return `| \`${name}\` | ${kind} | \`${JSON.stringify(value)}\` | ${description} |`;
  });
  return [["## Options", "", "| name | type | default | |", "| --- | --- | --- | --- |", ...rows].join("\n")];
}

function exampleSection(example: BadExample): string {
  const { title, dockerfile, files, dockerignore, fixed, fixedDockerignore, engine } = example;
  const parts = title === undefined ? [] : [title];
  if (engine !== undefined) parts.push("With an engine:");
  if (files !== undefined)
    parts.push(`With ${Object.entries(files).map(describeFile).join(", ")} in the context:`);
  if (dockerignore !== undefined)
    parts.push(`With this \`.dockerignore\`:\n\n${fence(withCarets(dockerignore), "")}`);
  parts.push(fence(withCarets(dockerfile), "dockerfile"));
  if (fixed !== undefined) parts.push(`Fixed:\n\n${fence(fixed, "dockerfile")}`);
  if (fixedDockerignore !== undefined)
    parts.push(`With this \`.dockerignore\` it is fixed:\n\n${fence(fixedDockerignore, "")}`);
  return parts.join("\n\n");
}

function describeFile([path, content]: [string, string | number]): string {
  return typeof content === "number" ? `\`${path}\` (${content} bytes)` : `\`${path}\``;
}

function fence(text: string, language: string): string {
  const ticks = text.includes("```") ? "````" : "```";
  return `${ticks}${language}\n${text.replace(/\n$/, "")}\n${ticks}`;
}

/** The text with a line of carets below each line that holds a mark. */
function withCarets(marked: string): string {
  const { text, spans } = readMarks(marked);
  const source = new SourceFile(text);
  const rows: string[] = [];
  for (let line = 1; line <= source.lineCount; line += 1) {
    const content = source.line(line);
    rows.push(content);
    const carets = caretsOf(content, source.lineStart(line), spans);
    if (carets !== "") rows.push(carets);
  }
  return rows.join("\n");
}

function caretsOf(content: string, start: number, spans: readonly Span[]): string {
  let carets = "";
  for (let at = 0; at <= content.length; at += 1) {
    const offset = start + at;
    const isMarked = spans.some(
      (span) => (span.start <= offset && offset < span.end) || span.start === offset,
    );
    if (isMarked && (at < content.length || spans.some((span) => span.start === offset))) {
      carets = carets.padEnd(at, " ") + "^";
    }
  }
  return carets;
}

/** Why a rule exists, as plain paragraphs. */
export function whyOf(rule: Rule): string {
  return paragraphs(rule.docs().why);
}

/** A template's text without its indentation; blank lines part paragraphs. */
function paragraphs(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => line.trim())
    .join("\n");
}
