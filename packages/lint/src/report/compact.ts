/** One line a finding, as compilers print them: editors and grep understand it. */
import { printable } from "./printable.ts";
import type { Report } from "./report.ts";

/** `path:line:column: severity RULE name: message` */
export function formatCompact(report: Report): string {
  let text = "";
  for (const { path, source, build, diagnostics } of report.files) {
    const label = build === undefined ? "" : ` [${printable(build)}]`;
    for (const { span, severity, rule, name, message } of diagnostics) {
      const { line, column } = source.position(span.start);
      text += `${printable(path)}:${line}:${column}: ${severity} ${rule} ${name}: ${printable(message)}${label}\n`;
    }
  }
  return text;
}
