/** The Dockerfiles of dflint's tests. */
import { readdirSync, readFileSync } from "node:fs";
import { rules } from "dflint";

/** By what they are for: whole files as one meets them, cases at the edge of the syntax, and the rules' bad examples. */
export interface FixtureTexts {
  readonly good: readonly string[];
  readonly edge: readonly string[];
  readonly bad: readonly string[];
}

/** Reads them all, in the same order every time. */
export function fixtureTexts(): FixtureTexts {
  const fixtures = new URL("../../packages/lint/test/fixtures/", import.meta.url);
  const good = new URL("good/", fixtures);
  const edge = readFileSync(new URL("dockerfile-edge.jsonl", fixtures), "utf8").trim().split("\n");
  return {
    good: readdirSync(good)
      .sort()
      .map((name) => readFileSync(new URL(name, good), "utf8")),
    edge: edge.map((line) => (JSON.parse(line) as { readonly dockerfile: string }).dockerfile),
    bad: rules.flatMap((rule) => rule.docs().bad.map(({ dockerfile }) => dockerfile.replace(/[⟦⟧]/g, ""))),
  };
}
