/** A finding a line, each a JSON object: those of the JSON report with the path of their file. */
import { diagnosticObject } from "./json.ts";
import type { Report } from "./report.ts";

/** All lines; none where there is nothing. */
export function formatJsonl(report: Report): string {
  return report.files
    .flatMap((file) =>
      file.diagnostics.map(
        (diagnostic) => `${JSON.stringify({ path: file.path, ...diagnosticObject(diagnostic, file) })}\n`,
      ),
    )
    .join("");
}
