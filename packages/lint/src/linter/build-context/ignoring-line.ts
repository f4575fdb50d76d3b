/** Which line of an ignore file keeps a path out. */
import { Dockerignore, type IgnorePattern } from "docker-engine-sdk/dockerignore";
import type { ContextFacts } from "../facts/context-facts.ts";

const compiled = new WeakMap<
  ContextFacts,
  readonly { readonly own: IgnorePattern; readonly alone: Dockerignore }[]
>();

/** The last pattern that matches a path or a folder above it; undefined if none does. */
export function ignoringLine(path: string, facts: ContextFacts): IgnorePattern | undefined {
  let patterns = compiled.get(facts);
  if (patterns === undefined) {
    patterns = facts.ignore.patterns
      .filter(({ negated }) => !negated)
      .map((own) => ({ own, alone: new Dockerignore([{ text: own.pattern, line: own.line }]) }));
    compiled.set(facts, patterns);
  }
  return patterns.findLast(({ alone }) => alone.ignores(path))?.own;
}
