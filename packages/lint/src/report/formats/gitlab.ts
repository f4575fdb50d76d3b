/** GitLab's Code Quality report (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format). */
import type { Severity } from "../../linter/diagnostic.ts";
import { firstLineOf, lastLineOf, regionOf } from "../place.ts";
import type { Report } from "../report.ts";

/** GitLab has info, minor, major, critical and blocker; Code Climate, whose format it took over, has the same. */
export const GITLAB_SEVERITIES: Readonly<Record<Severity, string>> = {
  error: "critical",
  warning: "major",
  info: "minor",
  style: "info",
};

/** The whole document: a list, empty where there is nothing. */
export function formatGitlab(report: Report): string {
  const issues = report.files.flatMap(({ path, source, diagnostics }) =>
    diagnostics.map(({ rule, name, message, severity, fingerprint, span }) => {
      const region = regionOf(span, source);
      return {
        description: `${rule} ${name}: ${message}`,
        check_name: rule,
        fingerprint: issueFingerprint(fingerprint, path),
        severity: GITLAB_SEVERITIES[severity],
        location: {
          path: path.replace(/^(?:\.\/)+/, ""), // GitLab compares paths with those of the merge request
          lines: { begin: firstLineOf(region, source), end: lastLineOf(region, source) },
        },
      };
    }),
  );
  return `${JSON.stringify(issues, undefined, 2)}\n`;
}

/** One fingerprint for the whole project: ours tells apart the findings of one file only. */
export function issueFingerprint(fingerprint: string, path: string): string {
  return `${fingerprint}:${path.replace(/^(?:\.\/)+/, "")}`;
}
