/** Patterns of an ignore file that change nothing, wherever the file lies. */
import { Dockerignore, type IgnorePattern } from "docker-engine-sdk/dockerignore";

/** A pattern without effect. */
export interface DeadPattern {
  readonly pattern: IgnorePattern;
  /** Why: `it stands in line 3 already`. */
  readonly why: string;
}

/** How many patterns with wildcards each other pattern is compared with. */
const COMPARED = 200;

/** What is dead, in order. Exceptions part the file: a pattern below one may take back what it let through. */
export function deadPatterns(patterns: readonly IgnorePattern[]): DeadPattern[] {
  const dead: DeadPattern[] = [];
  let ignoring = new Since();
  let excepting = new Since();
  let hasIgnoring = false;
  for (const pattern of patterns) {
    const same = pattern.negated ? excepting : ignoring;
    const why = reasonFor(pattern, same, hasIgnoring);
    if (why !== undefined) {
      dead.push({ pattern, why });
      continue;
    }
    same.add(pattern);
    if (pattern.negated) ignoring = new Since();
    else {
      excepting = new Since();
      hasIgnoring = true;
    }
  }
  return dead;
}

function reasonFor(pattern: IgnorePattern, same: Since, hasIgnoring: boolean): string | undefined {
  if (/^\.\.(?:\/|$)/.test(pattern.pattern)) return "there is nothing above the context";
  if (pattern.negated && !hasIgnoring)
    return "nothing above it is kept out, so there is nothing to bring back";
  const covering = same.covering(pattern);
  if (covering === undefined) return undefined;
  return covering.pattern === pattern.pattern
    ? `line ${covering.line} says the same`
    : `line ${covering.line} (${covering.negated ? "!" : ""}${covering.pattern}) covers it already`;
}

const WILDCARD = /[*?[\\]/;
const CATCH_ALL: ReadonlySet<string> = new Set(["*", "**", "**/*"]);

/** The patterns of one sign since the last one of the other. */
class Since {
  readonly #exact = new Map<string, IgnorePattern>();
  readonly #wild: { readonly own: IgnorePattern; readonly alone: Dockerignore }[] = [];
  #all: IgnorePattern | undefined;

  add(own: IgnorePattern): void {
    const { pattern, line } = own;
    this.#exact.set(pattern, own);
    if (CATCH_ALL.has(pattern)) this.#all ??= own;
    if (WILDCARD.test(pattern) && this.#wild.length < COMPARED) {
      this.#wild.push({ own, alone: new Dockerignore([{ text: pattern, line }]) });
    }
  }

  /** One that matches all that a pattern matches. */
  covering({ pattern, negated }: IgnorePattern): IgnorePattern | undefined {
    if (this.#all !== undefined) return this.#all;
    // What is below a folder without wildcards goes with the folder, and is brought back with it.
    for (let end = pattern.length; end > 0; end = pattern.lastIndexOf("/", end - 1)) {
      const found = this.#exact.get(pattern.slice(0, end));
      if (found !== undefined && (end === pattern.length || !WILDCARD.test(found.pattern))) return found;
    }
    if (WILDCARD.test(pattern) || negated) return undefined;
    return this.#wild.find(({ alone }) => alone.ignores(pattern))?.own;
  }
}
