/** What an editor shows where the pointer rests: the page of the rule that is reported, or named in a comment, there. */
import type { Hover, Position } from "vscode-languageserver/node";
import { readDirectives } from "../linter/comments/directives.ts";
import type { Rule } from "../linter/rule.ts";
import type { RuleNames } from "../linter/rule-names.ts";
import { rulePage } from "../report/rule-page.ts";
import type { Span } from "../source/span.ts";
import type { LintedDocument } from "./document-linter.ts";
import { rangeOf, spanOf } from "./protocol.ts";

/** The hover at a position, or null where there is nothing to say. */
export function hover(
  { source, diagnostics, dockerfile }: LintedDocument,
  names: RuleNames,
  at: Position,
): Hover | null {
  const { start } = spanOf(source, { start: at, end: at });
  const isHere = ({ span }: { readonly span: Span }): boolean => span.start <= start && start <= span.end;
  const reported = diagnostics.filter(isHere);
  const named = dockerfile.source === source ? readDirectives(dockerfile).flatMap((one) => one.names) : [];
  const spoken = named.filter(isHere);
  const found = [
    ...reported.map(({ rule, span }) => ({ name: rule, span })),
    ...spoken.map(({ text, span }) => ({ name: text, span })),
  ];
  const rules = new Set<Rule>(
    found.flatMap(({ name }) => {
      const rule = names.find(name)?.rule;
      return rule === undefined ? [] : [rule];
    }),
  );
  const [first] = found;
  if (rules.size === 0 || first === undefined) return null;
  const value = [...rules].map(rulePage).join("\n---\n\n");
  return { contents: { kind: "markdown", value }, range: rangeOf(source, first.span) };
}
