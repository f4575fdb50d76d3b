/** Workflow commands of GitHub Actions: findings show up as annotations of the changed lines. */
import type { Diagnostic, Severity } from "../../linter/diagnostic.ts";
import { printable } from "../printable.ts";
import {
  describeCounts,
  FindingCounter,
  plural,
  wholeText,
  type FileReport,
  type Report,
  type ReportStream,
} from "../report.ts";

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
  style: "notice",
};

/** All commands. */
export function formatGithub(report: Report): string {
  return wholeText(githubStream(), report);
}

/** `::warning file=…,line=…,col=…,endLine=…,endColumn=…,title=…::message`, and a summary. */
export function githubStream(): ReportStream {
  const counter = new FindingCounter();
  return {
    *file(file) {
      counter.add(file);
      for (const diagnostic of file.diagnostics) yield commandOf(diagnostic, file);
    },
    end: () => {
      const { files, counts } = counter;
      const found = counts.all === 0 ? "No findings" : describeCounts(counts);
      return files === 0 ? "" : `${found} in ${plural(files, "file")}.\n`;
    },
  };
}

function commandOf(
  { span, severity, rule, name, message }: Diagnostic,
  { path, source }: FileReport,
): string {
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
  return `::${COMMANDS[severity]} ${place.join(",")}::${data(message)}\n`;
}

function data(text: string): string {
  return printable(text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A"));
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
