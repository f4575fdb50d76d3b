/** Markdown for the summary of a pipeline or a comment in a review: a table for each file with findings. */
import { regionOf } from "../place.ts";
import { printable } from "../printable.ts";
import { countFindings, describeCounts, plural, type FileReport, type Report } from "../report.ts";

/** The whole text. */
export function formatMarkdown(report: Report): string {
  const counts = countFindings(report.files);
  const files = plural(report.files.length, "file");
  const found =
    counts.all === 0 ? "No findings" : `${plural(counts.all, "finding")} (${describeCounts(counts)})`;
  const extra = [
    ...(report.suppressed === 0 ? [] : [`${report.suppressed} muted`]),
    ...(report.baselined === 0 ? [] : [`${report.baselined} in the baseline`]),
  ];
  const tables = report.files.filter(({ diagnostics }) => diagnostics.length > 0).map(fileSection);
  const errors = report.errors.map((error) => `- ${inline(error)}`);
  return [
    "## dflint",
    `${[`${found} in ${files}`, ...extra].join(", ")}.`,
    ...(errors.length === 0 ? [] : [errors.join("\n")]),
    ...tables,
  ]
    .join("\n\n")
    .concat("\n");
}

function fileSection({ path, source, diagnostics }: FileReport): string {
  const rows = diagnostics.map(({ span, severity, rule, name, message, fixes }) => {
    const { line, column } = regionOf(span, source).start;
    const fix = fixes[0] === undefined ? "" : `${fixes[0].applicability} fix`;
    return `| ${line}:${column} | ${severity} | ${rule} ${name} | ${inline(message)} | ${fix} |`;
  });
  return [
    `### ${inline(path)}`,
    "",
    "| Place | Level | Rule | Finding | Fix |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** A text that stays text: nothing in it is markup, and it opens no other cell. */
export function inline(text: string): string {
  return printable(text)
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replace(/[\\`*_{}[\]()<>#+!|~&$@]/g, (character) => ESCAPES[character] ?? `\\${character}`)
    .replace(/\t/g, " ");
}

/** Where a backslash does not do, and an @ that must not call anybody. */
const ESCAPES: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;" };
