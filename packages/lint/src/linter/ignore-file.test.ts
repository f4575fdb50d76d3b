/** Ignore files linted by themselves, and beside a Dockerfile. */
import { describe, expect, it } from "vitest";
import { rules } from "../rules/index.ts";
import { exampleContext } from "./example.ts";
import { fixText } from "./fixer.ts";
import { Linter } from "./linter.ts";

const linter = new Linter(rules, {});

function contextOf(dockerignore: string, files: Readonly<Record<string, string>> = {}) {
  return exampleContext({ dockerignore, files });
}

describe("an ignore file by itself", () => {
  it("has findings in its own text, and none about a Dockerfile", () => {
    const context = contextOf("node_modules # modules\nnode_modules\n*.log\na.log\n");
    const { diagnostics, failedRules } = linter.lintIgnoreFile({ context });
    expect(failedRules).toEqual([]);
    expect(diagnostics.map(({ rule, target, span }) => [rule, target, span.start])).toEqual([
      ["DFL607", "dockerignore", 13],
      ["DFL606", "dockerignore", 42],
    ]);
  });

  it("is muted by the configuration", () => {
    const context = contextOf("a # b\n");
    const ignored = [{ rule: "dockerignore-comment", reason: "ours" }];
    expect(
      linter.lintIgnoreFile({ context, ignored }).diagnostics.map(({ suppressed }) => suppressed?.by),
    ).toEqual(["config"]);
  });

  it("is mended like one beside a Dockerfile", () => {
    const alone = { lint: (input: Parameters<Linter["lint"]>[0]) => linter.lintIgnoreFile(input) };
    const input = { text: "", context: contextOf("a # b\nc\nc\n") };
    const options = { applicability: "unsafe" } as const;
    const beside = fixText(linter, { ...input, text: "FROM scratch\n" }, options);
    expect(fixText(alone, input, options).ignoreText).toBe("# b\na\nc\n");
    expect(beside.ignoreText).toBe("# b\na\nc\n");
  });

  it("says nothing where there is none", () => {
    expect(linter.lintIgnoreFile({ context: undefined }).diagnostics).toEqual([]);
    expect(linter.lintIgnoreFile({ context: exampleContext({ files: { a: "" } }) }).diagnostics).toEqual([]);
  });
});

describe("an ignore file that the builder refuses", () => {
  // What only Go's expressions refuse is noticed when a pattern is tried.
  it.each(["a[\n", "!\n", "x\\\n", "[z-a]\n", "foo\\bar\n", "*\n!foo\\y\n"])("%j fails no rule", (text) => {
    const context = contextOf(text, { "src/a.js": "", ".env": "" });
    const { diagnostics, failedRules } = linter.lint({
      text: "FROM node:20\nCOPY . /app\nCOPY b /b\n",
      context,
    });
    expect(failedRules).toEqual([]);
    expect(diagnostics.map(({ rule }) => rule)).toContain("DFL609");
  });
});

describe("what only the context brings is kept out by an unsafe fix alone", () => {
  const files = { "package.json": "{}", "node_modules/a/index.js": "1", ".git/HEAD": "x" };
  const ignoredBy = (dockerignore: string | undefined, ...lines: readonly string[]): string | undefined => {
    const context = exampleContext({ ...(dockerignore !== undefined && { dockerignore }), files });
    return fixText(linter, { text: `FROM node:20 AS deps\n${lines.join("\n")}\n`, context }).ignoreText;
  };

  it.each([
    ["a step that uses modules", "COPY . .", "RUN npm run build"],
    ["an install in another stage", "RUN npm ci", "FROM node:20", "COPY . .", "RUN npm run build"],
  ])("%s", (_, ...lines) => {
    expect(ignoredBy(".git\n", ...lines)).toBeUndefined();
    expect(ignoredBy(undefined, ...lines)).toBeUndefined();
  });

  it.each([
    ["an install", "COPY . .", "RUN npm ci"],
    ["an install below", "RUN npm ci", "FROM deps", "COPY . ."],
    ["modules of a stage", "FROM node:20", "COPY --from=deps /app/node_modules ./node_modules", "COPY . ."],
  ])("not with %s", (_, ...lines) => {
    expect(ignoredBy(".git\n", ...lines)).toBe(".git\nnode_modules\n");
  });

  it("a history that git is asked for", () => {
    expect(ignoredBy(undefined, "COPY . .", "RUN npm ci && git describe")).toBeUndefined();
  });
});
