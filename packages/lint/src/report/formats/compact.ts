/** One line a finding, as compilers print them: editors and grep understand it. */
import { printable } from "../printable.ts";
import { wholeText, type Report, type ReportStream } from "../report.ts";

/** All lines. */
export function formatCompact(report: Report): string {
  return wholeText(compactStream, report);
}

/** `path:line:column: severity RULE name: message` */
export const compactStream: ReportStream = {
  *file({ path, source, build, diagnostics }) {
    const label = build === undefined ? "" : ` [${printable(build)}]`;
    for (const { span, severity, rule, name, message } of diagnostics) {
      const { line, column } = source.position(span.start);
      yield `${printable(path)}:${line}:${column}: ${severity} ${rule} ${name}: ${printable(message)}${label}\n`;
    }
  },
  end: () => "",
};
