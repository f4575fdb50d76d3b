/** Issues as a Code Climate engine prints them: JSON documents, each ended by a zero byte, as that platform reads them. */
import type { Category } from "../../linter/diagnostic.ts";
import { GITLAB_SEVERITIES, issueFingerprint } from "./gitlab.ts";
import { regionOf } from "../place.ts";
import type { Report } from "../report.ts";

/** Code Climate's own categories; what is in none of these is about style. */
const CATEGORIES: Partial<Readonly<Record<Category, string>>> = {
  cache: "Performance",
  layers: "Performance",
  context: "Performance",
  base: "Compatibility",
  packages: "Compatibility",
  runtime: "Bug Risk",
  shell: "Bug Risk",
  stages: "Bug Risk",
  syntax: "Bug Risk",
  variables: "Bug Risk",
  secrets: "Security",
  user: "Security",
};

/** All issues, one after another. */
export function formatCodeclimate(report: Report): string {
  let text = "";
  for (const { path, source, diagnostics } of report.files) {
    for (const { rule, name, message, severity, category, fingerprint, span } of diagnostics) {
      const { start, end } = regionOf(span, source);
      const issue = {
        type: "issue",
        check_name: rule,
        description: `${name}: ${message}`,
        categories: [CATEGORIES[category] ?? "Style"],
        location: {
          path: path.replace(/^(?:\.\/)+/, ""),
          positions: { begin: start, end },
        },
        severity: GITLAB_SEVERITIES[severity],
        fingerprint: issueFingerprint(fingerprint, path),
      };
      text += `${JSON.stringify(issue)}\0`;
    }
  }
  return text;
}
