/**
 * The pattern language of `.dockerignore`: what Go's `filepath.Match` accepts, meaning what moby's patternmatcher
 * makes of it. That library rewrites a pattern into a Go regular expression without looking inside `[...]`,
 * and the surprises this brings (`[^a]` matches `/`, `\d` is a digit, `[*]` is no star) are part of the language.
 */

import { matchGlob } from "./go-glob.ts";
import { Automaton, parseExpression } from "./go-expression.ts";

/** Whether a path (relative, `/` between its parts) matches. */
export type PathMatcher = (path: string) => boolean;

/**
 * Compiles a cleaned pattern, once for many paths. Matching takes time linear in the path. Throws `SyntaxError`, and
 * what it returns does too: what only Go's regular expressions refuse is noticed when a pattern is first tried.
 */
export function compilePattern(pattern: string): PathMatcher {
  matchGlob(pattern, ".");
  const { form, expression } = rewrite(pattern);
  if (form === "exact") return (path) => path === pattern;
  if (form === "prefix") {
    const prefix = pattern.slice(0, -2);
    return (path) => path.startsWith(prefix);
  }
  if (form === "suffix") {
    const suffix = pattern.slice(2);
    const whole = suffix.startsWith("/") ? suffix.slice(1) : undefined;
    return (path) => path.endsWith(suffix) || path === whole;
  }
  let automaton: Automaton | undefined;
  return (path) => (automaton ??= new Automaton(parseExpression(expression))).matches(path);
}

type Form = "exact" | "prefix" | "suffix" | "expression";

function rewrite(pattern: string): { form: Form; expression: string } {
  const chars = Array.from(pattern);
  let form: Form = "exact";
  let expression = "";
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? "";
    if (char === "*" && chars[at + 1] === "*") {
      const leading = at === 0;
      at += chars[at + 2] === "/" ? 2 : 1;
      if (at + 1 < chars.length) {
        expression += "(.*/)?";
        form = "expression";
      } else if (form === "exact") {
        form = "prefix";
      } else {
        expression += ".*";
        form = "expression";
      }
      if (leading) form = "suffix";
    } else if (char === "*" || char === "?") {
      expression += char === "*" ? "[^/]*" : "[^/]";
      form = "expression";
    } else if (".+()|{}$".includes(char)) {
      expression += `\\${char}`;
    } else if (char === "\\") {
      expression += `\\${chars[++at] ?? ""}`;
      form = "expression";
    } else {
      expression += char;
      if (char === "[" || char === "]") form = "expression";
    }
  }
  return { form, expression };
}
