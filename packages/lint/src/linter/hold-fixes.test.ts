import { expect, it } from "vitest";
import type { Fix } from "./diagnostic.ts";
import { lint } from "../index.ts";
import { mayHoldNewerSyntax } from "../semantics/newer-syntax.ts";
import { exampleEngine, type ExampleEngine } from "./example-engine.ts";

/** The fixes that are offered and those that are held back, by rule. */
function fixesIn(text: string, engine: ExampleEngine): { offered: string[]; held: string[] } {
  const facts = exampleEngine({ engine }, text);
  const { diagnostics } = lint({ text, preset: "strict", engine: facts });
  return {
    offered: diagnostics.filter(({ fixes }) => fixes.length > 0).map(({ rule }) => rule),
    held: diagnostics.flatMap(({ rule, evidence }) =>
      evidence.filter((one) => one.startsWith("Fix held back")).map((one) => `${rule} ${one}`),
    ),
  };
}

const copied = "FROM debian:12\nCOPY tool /opt/tool\nRUN chmod 755 /opt/tool\n";

it("holds back what the classic builder does not know", () => {
  const { offered, held } = fixesIn(copied, { builder: "classic", frontend: [1, 19] });
  expect(offered).not.toContain("DFL105");
  expect(held).toContain(
    "DFL105 Fix held back (Write COPY --chmod=755 instead): COPY --chmod needs BuildKit, and the engine builds with the classic builder.",
  );
});

it("offers it where the frontend knows it, whether it is built in, pinned or not known", () => {
  expect(fixesIn(copied, { frontend: [1, 2] }).offered).toContain("DFL105");
  expect(fixesIn(copied, {}).offered).toContain("DFL105");
  expect(fixesIn(`# syntax=docker/dockerfile:1\n${copied}`, { frontend: [1, 1] }).offered).toContain(
    "DFL105",
  );
  expect(fixesIn(`# syntax=docker/dockerfile:1.1\n${copied}`, { frontend: [1, 9] }).offered).not.toContain(
    "DFL105",
  );
});

it("holds back what a pinned frontend does not know, without an engine, too", () => {
  const secret = 'FROM debian:12\nARG TOKEN\nRUN curl -H "$TOKEN" https://example.org\n';
  const fixesOf = (version: string): readonly Fix[] =>
    lint({ text: `# syntax=docker/dockerfile:${version}\n${secret}`, preset: "hadolint" })
      .diagnostics.filter(({ rule }) => rule === "DFL511")
      .flatMap(({ fixes }) => fixes);
  expect(fixesOf("1.2")).toEqual([]);
  expect(fixesOf("1.10")).toHaveLength(1);
});

it("does not hold back for what the file needs anyway", () => {
  const text = `${copied}COPY --chmod=700 other /other\n`;
  expect(fixesIn(text, { builder: "classic" }).offered).toContain("DFL105");
});

it("takes no flag of a program for one of an instruction", () => {
  const written = ["COPY --link ", "RUN <<EOF", "${A%.*}", ",env=TOKEN", "--mount=type=cache,target=/c "];
  expect(written.filter((text) => !mayHoldNewerSyntax(text))).toEqual([]);
  expect([" --no-install-recommends", "${A}", "--no-cache", "--linked"].filter(mayHoldNewerSyntax)).toEqual(
    [],
  );
});
