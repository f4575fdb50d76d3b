/** A rule as SARIF describes one. */
import type { Diagnostic, Level } from "../../linter/diagnostic.ts";
import { presetLevel } from "../../linter/presets.ts";
import type { Rule } from "../../linter/rule.ts";
import { docsPath, type Report } from "../report.ts";
import { ruleAddress, type PublishedManifest } from "../rule-address.ts";
import { rulePage, whyOf } from "../rule-page.ts";

/** SARIF has no mild level but `note`. */
export const SARIF_LEVELS: Readonly<Record<Level, string>> = {
  error: "error",
  warning: "warning",
  info: "note",
  style: "note",
  off: "none",
};

/** The descriptor of the rule of a finding; `rule` is undefined for findings that come from no rule of ours. */
export function sarifRule(
  diagnostic: Diagnostic,
  rule: Rule | undefined,
  { preset, ruleset }: Report,
  manifest?: PublishedManifest,
): object {
  const { rule: id, name, aliases, category } = diagnostic;
  const tags = category === "secrets" || category === "user" ? [category, "security"] : [category];
  const base = { id, name };
  if (rule === undefined) return { ...base, properties: { tags } };
  const summary = `${rule.summary}.`;
  const why = whyOf(rule);
  const level = presetLevel(rule, preset, ruleset);
  const helpUri = ruleAddress(diagnostic, manifest);
  return {
    ...base,
    shortDescription: { text: summary },
    fullDescription: { text: why },
    ...(helpUri !== undefined && { helpUri }),
    help: { text: `${summary}\n\n${why}`, markdown: rulePage(rule) },
    defaultConfiguration: { enabled: level !== "off", level: SARIF_LEVELS[level] },
    properties: { tags, aliases, docs: docsPath(diagnostic), fix: rule.fix ?? "none", ruleset: rule.since },
  };
}
