/** dflint as a library, as it is published: pure, synchronous, and on its own. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type * as Library from "dflint";

const DIST = new URL("../../packages/lint/dist/", import.meta.url);
const library = (await import(new URL("index.mjs", DIST).href)) as typeof Library; // the built one, not its source

describe("the library", () => {
  it("lints a text", () => {
    const { diagnostics, dockerfile, failedRules } = library.lint({
      text: "FROM alpine:3.20\nMAINTAINER Ada\n",
      only: ["DL4000"],
    });
    expect(failedRules).toEqual([]);
    expect(diagnostics).toMatchObject([
      { rule: "DFL810", severity: "warning", span: { start: 17, end: 27 }, stage: 0 },
    ]);
    expect(dockerfile.source.position(17)).toEqual({ line: 2, column: 1 });
  });

  it("fixes a text", () => {
    const { text, applied } = library.fix({ text: "FROM alpine:3.20\nMAINTAINER Ada\n", only: ["DFL810"] });
    expect(text).toBe('FROM alpine:3.20\nLABEL org.opencontainers.image.authors="Ada"\n');
    expect(applied).toMatchObject([{ rule: "DFL810", applicability: "safe" }]);
  });

  it("parses, and prints what it parsed", () => {
    const text = "# escape=`\nFROM a\nRUN b `\n  # c\n  d\n";
    const dockerfile = library.parseDockerfile(text);
    expect(dockerfile.instructions.map(({ keyword }) => keyword)).toEqual(["FROM", "RUN"]);
    expect(library.print(dockerfile)).toBe(text);
  });

  it("takes rules of others", () => {
    const rule = library.defineRule({
      code: "DFL999",
      name: "no-run",
      category: "syntax",
      severity: "error",
      scope: "all",
      summary: "A RUN",
      docs: () => ({ why: "", bad: [], good: [] }),
      visit: { RUN: (run, context) => context.report({ at: run.name.span, message: "No RUN here." }) },
    });
    const { diagnostics } = new library.Linter([...library.rules, rule], { only: ["no-run"] }).lint({
      text: "FROM x\nRUN y\n",
    });
    expect(diagnostics).toMatchObject([{ rule: "DFL999", severity: "error", instruction: "RUN" }]);
  });

  it("never throws, whatever it is given", () => {
    for (const text of [
      "",
      "\0",
      "\ufeff",
      "FROM",
      "RUN <<EOF",
      "FROM a\nRUN \\",
      "ONBUILD ONBUILD ONBUILD",
      "FROM a\nCOPY [\n",
      "\r\r\n",
      "FROM a\nRUN '$(`",
    ]) {
      expect(library.lint({ text, preset: "strict" }).failedRules).toEqual([]);
    }
  });

  it("gives each rule its docs and its examples", () => {
    expect(library.rules.length).toBeGreaterThan(40);
    for (const rule of library.rules) expect(rule.docs().bad.length).toBeGreaterThan(0);
  });

  it("imports nothing, not even of Node", () => {
    const code = readFileSync(fileURLToPath(new URL("index.mjs", DIST)), "utf8");
    expect(code.match(/^import .*$/gm) ?? []).toEqual([]);
    expect(code).not.toMatch(/\brequire\(|\bimport\(|\bprocess\./);
  });
});
