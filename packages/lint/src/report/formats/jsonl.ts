/** A finding a line, each a JSON object: those of the JSON report with the path of their file. */
import { diagnosticObject } from "./json.ts";
import { wholeText, type Report, type ReportStream } from "../report.ts";

/** All lines; none where there is nothing. */
export function formatJsonl(report: Report): string {
  return wholeText(jsonlStream, report);
}

/** The lines one by one. */
export const jsonlStream: ReportStream = {
  *file(file) {
    for (const diagnostic of file.diagnostics) {
      yield `${JSON.stringify({ path: file.path, ...diagnosticObject(diagnostic, file) })}\n`;
    }
  },
  end: () => "",
};
