/** Checkstyle's XML, which Jenkins, reviewdog and many editors read. */
import type { Severity } from "../../linter/diagnostic.ts";
import { regionOf } from "../place.ts";
import type { FileReport, Report } from "../report.ts";
import { xmlAttributes } from "./xml.ts";

/** Checkstyle has `error`, `warning`, `info` and `ignore`. */
const SEVERITIES: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "info",
  style: "info",
};

/** The whole document. Files without findings are in it, so that readers see that they were looked at. */
export function formatCheckstyle(report: Report): string {
  const files = report.files.map(fileElement).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n${files}</checkstyle>\n`;
}

function fileElement({ path, source, diagnostics }: FileReport): string {
  const open = `  <file${xmlAttributes({ name: path })}`;
  if (diagnostics.length === 0) return `${open}/>\n`;
  const errors = diagnostics.map(({ span, severity, message, rule }) => {
    const { line, column } = regionOf(span, source).start;
    const attributes = { line, column, severity: SEVERITIES[severity], message, source: `dflint.${rule}` };
    return `    <error${xmlAttributes(attributes)}/>\n`;
  });
  return `${open}>\n${errors.join("")}  </file>\n`;
}
