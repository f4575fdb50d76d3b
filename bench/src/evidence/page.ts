/** What was measured, as pages. */
import { rules } from "dflint";
import { table } from "../table.ts";
import { cases } from "./cases.ts";
import type { Cost } from "./measure.ts";

/** A pair, built in one way. */
export interface Measured {
  readonly rule: string;
  /** Which engine and builder. */
  readonly way: string;
  readonly bad: Cost;
  readonly good: Cost;
}

const HEAD = ["engine, builder", "MB above the base", "layers", "rebuild, s", "steps that run again"];

/** docs/evidence.md */
export function evidencePage(measured: readonly Measured[], date: Date): string {
  const sections = cases.map(({ rule, base, bad, good, goodFiles, change }) => {
    const { name, summary } = rules.find(({ code }) => code === rule) ?? { name: "", summary: "" };
    const changed = change === undefined ? [] : [`After a change of ${changeText(change)}:`];
    return [
      `## ${rule} ${name}`,
      `${summary}. Based on ${baseText[base]}; before`,
      `\`\`\`dockerfile\n${bad}\`\`\``,
      goodFiles === undefined ? "after" : `after the same with ${filesText(goodFiles)}`,
      ...(goodFiles === undefined ? [`\`\`\`dockerfile\n${good}\`\`\``] : []),
      ...changed,
      rowsOf(measured, rule),
    ].join("\n\n");
  });
  return `${[INTRODUCTION, `Measured on ${day(date)}.`, ...sections].join("\n\n")}\n`;
}

const INTRODUCTION = `# Evidence

Written by \`npm run evidence\`: for rules that promise bytes, layers or shorter rebuilds, what a Dockerfile that breaks
the rule costs on a real engine, and what one that keeps it does. No build reaches a network: Node, npm and apt-get are
real, the packages that they install are in the base image. apt reads Debian's whole index.

Not measured, since nothing stands in for their indexes here: apk (DFL401), pip (DFL402), dnf and zypper (DFL406), yarn
(DFL407).`;

const baseText = {
  busybox: "busybox",
  node: "an image with Node and npm",
  debian: "Debian 12",
} as const;

function changeText(change: NonNullable<(typeof cases)[number]["change"]>): string {
  return "file" in change ? `\`${change.file}\`` : `the argument \`${change.argument}\``;
}

function filesText(files: Readonly<Record<string, string>>): string {
  return Object.entries(files)
    .map(([name, content]) => `\`${content.trim()}\` in \`${name}\``)
    .join(", ");
}

function rowsOf(measured: readonly Measured[], rule: string): string {
  const rows = measured
    .filter((one) => one.rule === rule)
    .map(({ way, bad, good }) => [
      way,
      arrow(bad, good, ({ bytes }) => (bytes / 1e6).toFixed(1)),
      arrow(bad, good, ({ layers }) => String(layers)),
      arrow(bad, good, ({ rebuild }) => rebuild?.seconds.toFixed(1) ?? "–"),
      arrow(bad, good, ({ rebuild }) => (rebuild === undefined ? "–" : String(rebuild.steps.length))),
    ]);
  return table(HEAD, rows);
}

function arrow(bad: Cost, good: Cost, text: (cost: Cost) => string): string {
  const [before, after] = [text(bad), text(good)];
  return before === after ? before : `${before} → ${after}`;
}

/** The module from which the rules' pages take their tables. */
export function evidenceSource(measured: readonly Measured[], date: Date): string {
  const entries = cases.map(({ rule }) => `  ${rule}: ${JSON.stringify(rowsOf(measured, rule))},\n`);
  return `/** Written by \`npm run evidence\`: what keeping a rule was measured to save, as tables of Markdown. */
export const EVIDENCE: Readonly<Record<string, string>> = {
${entries.join("")}};

/** When that was. */
export const EVIDENCE_DATE: string = ${JSON.stringify(day(date))};
`;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
