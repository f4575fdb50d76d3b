/** A finding a line, each a JSON object: those of the JSON report with the path of their file. */
import { diagnosticObject } from "./json.ts";
import type { Report } from "./report.ts";

/** All lines; none where there is nothing. */
export function formatJsonl(report: Report): string {
  return [...jsonlPieces(report)].join("");
}

/** The lines one by one, so that nobody has to hold all of them. */
export function* jsonlPieces({ files }: Report): Generator<string> {
  for (const file of files) {
    for (const diagnostic of file.diagnostics) {
      yield `${JSON.stringify({ path: file.path, ...diagnosticObject(diagnostic, file) })}\n`;
    }
  }
}
