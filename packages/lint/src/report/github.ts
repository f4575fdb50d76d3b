/** Workflow commands of GitHub Actions: findings show up as annotations of the changed lines. */
import type { Severity } from "../linter/diagnostic.ts";
import { printable } from "./printable.ts";
import { countFindings, describeCounts, plural, type Report } from "./report.ts";

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
  style: "notice",
};

/** `::warning file=…,line=…,col=…,endLine=…,endColumn=…,title=…::message`, and a summary. */
export function formatGithub(report: Report): string {
  let text = "";
  for (const { path, source, diagnostics } of report.files) {
    for (const { span, severity, rule, name, message } of diagnostics) {
      const start = source.position(span.start);
      const end = source.position(Math.max(span.start, span.end));
      const place = [
        `file=${property(path)}`,
        `line=${start.line}`,
        `col=${start.column}`,
        `endLine=${end.line}`,
        // GitHub takes columns only where both are on one line.
        ...(end.line === start.line ? [`endColumn=${end.column}`] : []),
        `title=${property(`${rule} ${name}`)}`,
      ];
      text += `::${COMMANDS[severity]} ${place.join(",")}::${data(message)}\n`;
    }
  }
  if (report.files.length === 0) return "";
  const counts = countFindings(report.files);
  const files = plural(report.files.length, "file");
  return `${text}${counts.all === 0 ? "No findings" : describeCounts(counts)} in ${files}.\n`;
}

function data(text: string): string {
  return printable(text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A"));
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
