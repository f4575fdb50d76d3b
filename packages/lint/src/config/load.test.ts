import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { RuleNames } from "../linter/rule-names.ts";
import { defineRule, type RuleDocs } from "../linter/rule.ts";
import { ConfigError } from "./config-error.ts";
import type { Config } from "./config.ts";
import { ConfiguredLinters } from "./for-file.ts";
import { ConfigLoader, type LoadOptions } from "./load.ts";

const docs = (): RuleDocs => ({ why: "", bad: [], good: [] });
const rules = [
  defineRule({
    code: "DFL001",
    name: "first-rule",
    aliases: ["DL3001"],
    category: "syntax",
    severity: { recommended: "warning", hadolint: "info" },
    scope: "all",
    summary: "",
    options: {
      most: { type: "integer", default: 3, description: "" },
      names: { type: "strings", default: [], description: "" },
      how: { type: "string", default: "a", values: ["a", "b"], description: "" },
    },
    docs,
    visit: {
      RUN: (run, context) => context.report({ at: run.name.span, message: JSON.stringify(context.options) }),
    },
  }),
  defineRule({
    code: "DFL002",
    name: "second-rule",
    aliases: ["DL3002"],
    category: "syntax",
    severity: { recommended: "off", hadolint: "warning" },
    scope: "all",
    summary: "",
    docs,
    visit: { RUN: (run, context) => context.report({ at: run.name.span, message: "Second." }) },
  }),
];
const names = new RuleNames(rules);

function write(folder: TempDir, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(folder.join(name)), { recursive: true });
    writeFileSync(folder.join(name), text);
  }
}

async function load(folder: TempDir, below = ".", options: Partial<LoadOptions> = {}): Promise<Config> {
  return await new ConfigLoader({ names, ...options }).forFolder(folder.join(below));
}

/** What is wrong with a configuration: line, column and message of each problem. */
async function problemsOf(text: string): Promise<string[]> {
  await using folder = await tempDir();
  write(folder, { ".dflint.yaml": text });
  try {
    await load(folder);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ message, position }) => `${position?.line}:${position?.column} ${message}`);
  }
  return [];
}

function levels(config: Config, path: string): string[] {
  const linter = new ConfiguredLinters(config, rules, names, {}).linterFor(path);
  return linter.active.all.map(({ rule, severity }) => `${rule.code} ${severity}`);
}

describe("finding", () => {
  it("takes the nearest file upward and no other", async () => {
    await using folder = await tempDir();
    write(folder, {
      ".dflint.yaml": "fail-on: error\nrules: {DFL001: off}\n",
      "a/.dflint.yaml": "fail-on: info\n",
      "a/b/c/x": "",
      "d/x": "",
    });
    expect((await load(folder, "a/b/c")).failOn).toBe("info");
    expect((await load(folder, "a/b/c")).rules).toEqual([]);
    expect((await load(folder, "d")).failOn).toBe("error");
  });

  it("stops at the root of the repository", async () => {
    await using folder = await tempDir();
    write(folder, { ".dflint.yaml": "fail-on: error\n", "repository/.git/HEAD": "", "repository/a/x": "" });
    expect((await load(folder, "repository/a")).path).toBeUndefined();
  });

  it("takes hadolint's only with its preset, and ours before it", async () => {
    await using folder = await tempDir();
    write(folder, { ".hadolint.yaml": "ignored: [DL3001]\n", "ours/.dflint.yaml": "fail-on: info\n" });
    expect((await load(folder)).path).toBeUndefined();
    expect((await load(folder, ".", { preset: "hadolint" })).rules).toEqual([["DL3001", { level: "off" }]]);
    expect((await load(folder, "ours", { preset: "hadolint" })).failOn).toBe("info");
  });

  it("lays ours over hadolint's where ours extends its preset", async () => {
    await using folder = await tempDir();
    write(folder, {
      ".hadolint.yaml": "ignored: [DL3001]\nfailure-threshold: error\n",
      ".dflint.yaml": "extends: hadolint\nrules: {DL3002: style}\n",
    });
    const config = await load(folder);
    expect(config).toMatchObject({ preset: "hadolint", failOn: "error" });
    expect(levels(config, folder.join("Dockerfile"))).toEqual(["DFL002 style"]);
  });

  it("takes the named one, or none at all", async () => {
    await using folder = await tempDir();
    write(folder, { ".dflint.yaml": "fail-on: error\n", "other.yaml": "fail-on: style\n" });
    expect((await load(folder, ".", { path: folder.join("other.yaml") })).failOn).toBe("style");
    expect((await load(folder, ".", { disabled: true })).failOn).toBe("warning");
    await expect(load(folder, ".", { path: folder.join("missing.yaml") })).rejects.toThrow(
      /missing\.yaml: cannot be read: no such file/,
    );
  });
});

describe("reading", () => {
  it("takes every key", async () => {
    await using folder = await tempDir();
    write(folder, {
      ".dflint.yaml": `
version: 1
root: true
extends: strict
ruleset: 2026-11
fail-on: error
include: "*.docker"
exclude: [vendor/, "**/old.Dockerfile"]
context: app
stages: {public: [a], dev: b}
build-args: {PORT: 8080, DEBUG: true, NAME: x}
trusted-registries: [ghcr.io, "*.example.org"]
labels: {required: {maintainer: email}, strict: true}
rules:
  first-rule: {level: error, most: 5, names: one}
  DL3002: info
overrides:
  - files: "test/**"
    rules: {DFL001: off}
ignore:
  - {rule: second-rule, files: [a.Dockerfile], reason: accepted, until: 2027-01-31}
inline: {enabled: false, require-reason: true, report-unused: false}
fix: {unsafe: true, never: [DFL001]}
engine: {mode: read, pull: true, budget: {wasted-bytes: 20MB, image-bytes: 1.5GiB}}
`,
    });
    const config = await load(folder);
    const here = (patterns: string[]): object => ({ folder: folder.path, patterns });
    expect(config).toMatchObject({
      preset: "strict",
      ruleset: "2026-11",
      failOn: "error",
      include: [here(["*.docker"])],
      exclude: [here(["vendor/", "**/old.Dockerfile"])],
      context: folder.join("app"),
      buildArgs: { PORT: "8080", DEBUG: "true", NAME: "x" },
      settings: {
        trustedRegistries: ["ghcr.io", "*.example.org"],
        labels: { required: { maintainer: "email" }, strict: true },
        stages: { public: ["a"], dev: ["b"] },
      },
      rules: [
        ["first-rule", { level: "error", options: { most: 5, names: ["one"] } }],
        ["DL3002", { level: "info" }],
      ],
      ignore: [{ rule: "second-rule", reason: "accepted", until: "2027-01-31" }],
      inline: { enabled: false, requireReason: true, reportUnused: false },
      fix: { unsafe: true, never: ["DFL001"] },
      engine: { mode: "read", pull: true, budget: { wastedBytes: 20_000_000, imageBytes: 1_610_612_736 } },
    });
    expect(config.origins.get("rules.first-rule.most")).toMatch(/\.dflint\.yaml:15:30$/);
    expect(levels(config, folder.join("Dockerfile"))).toEqual(["DFL001 error", "DFL002 info"]);
    expect(levels(config, folder.join("test/a/Dockerfile"))).toEqual(["DFL002 info"]);
  });

  it("takes an empty file and one of comments only", async () => {
    expect(await problemsOf("")).toEqual([]);
    expect(await problemsOf("# nothing yet\n")).toEqual([]);
    expect(await problemsOf("---\n")).toEqual([]);
  });

  it.each([
    ["- a\n- b\n", ["1:1 A configuration is a mapping of keys, not a list."]],
    ["just text\n", ['1:1 A configuration is a mapping of keys, not the text "just text".']],
    ["fail-om: error\n", ['1:1 Unknown key "fail-om". Did you mean "fail-on"?']],
    [
      "a: 1\nruels: {}\n",
      [
        expect.stringContaining('1:1 Unknown key "a". The keys are version'),
        '2:1 Unknown key "ruels". Did you mean "rules"?',
      ],
    ],
    [
      "inline:\n  reqire-reason: true\n",
      ['2:3 Unknown key "reqire-reason" in "inline". Did you mean "require-reason"?'],
    ],
    [
      "fail-on: warnings\n",
      [
        '1:10 "warnings" is no value of "fail-on": use error, warning, info, style, never. Did you mean "warning"?',
      ],
    ],
    ["rules: {first-rul: off}\n", ['1:9 There is no rule "first-rul". Did you mean "first-rule"?']],
    [
      "rules: {DFL001: of}\n",
      ['1:17 "of" is no value of "rules.DFL001": use error, warning, info, style, off. Did you mean "off"?'],
    ],
    [
      "rules:\n  DFL001: {levle: error}\n",
      ['2:12 Unknown key "levle" in "rules.DFL001". Did you mean "level"?'],
    ],
    [
      "rules: {DFL001: {most: many}}\n",
      ['1:24 "rules.DFL001.most" must be a whole number, not the text "many".'],
    ],
    ["rules: {DFL001: {how: c}}\n", ['1:23 "c" is no value of "rules.DFL001.how": use a, b.']],
    ["rules: [DFL001]\n", ['1:8 "rules" must be a mapping of rules to levels, not a list.']],
    ["version: 2\n", ['1:10 "version" must be 1, not 2.']],
    ["version: '1'\n", ['1:10 "version" must be 1, not the text "1".']],
    ["fix: {never: first-rul}\n", ['1:14 There is no rule "first-rul". Did you mean "first-rule"?']],
    ["fix: {never: [DFL001, nonsense]}\n", ['1:23 There is no rule "nonsense". "dflint rules" lists them.']],
    ["fix: {never: {DFL001: off}}\n", ['1:14 "fix.never" must be a text or a list of texts, not a mapping.']],
    ["ruleset: 2020-01\n", [expect.stringContaining('1:1 There is no ruleset "2020-01": use 2026-11.')]],
    ["exclude: [a, '']\n", ['1:14 "exclude.1" is no pattern: it is empty.']],
    ["include: ''\n", [expect.stringContaining(' "include" is no pattern: it is empty.')]],
    ["overrides: [{files: [''], rules: {}}]\n", [expect.stringContaining('"overrides.0.files.0" is no')]],
    ["ignore: [{rule: DFL001, files: [a, '']}]\n", ['1:36 "ignore.0.files.1" is no pattern: it is empty.']],
    [
      `exclude: ['${"{a,b}".repeat(12)}']\n`,
      ['1:11 "exclude.0" is no pattern: it stands for more than 1000 patterns by its braces.'],
    ],
    ["ignore: [{files: a}]\n", ['1:10 "ignore.0" needs the key "rule".']],
    [
      "ignore: [{rule: DFL001, until: tomorrow}]\n",
      ['1:32 "ignore.0.until" must be a date in the form YYYY-MM-DD, not the text "tomorrow".'],
    ],
    [
      "ignore: [{rule: DFL001, until: 2027-13-45}]\n",
      ['1:32 "ignore.0.until" must be a date in the form YYYY-MM-DD, not the text "2027-13-45".'],
    ],
    ["rules:\n  <<: a\n", ['2:7 "<<" takes a mapping or a list of mappings, not the text "a".']],
    ["version: 1\n---\nversion: 1\n", ["2:1 A configuration is one document; another one begins here."]],
    ["inline: {enabled: maybe}\n", ['1:19 "inline.enabled" must be true or false, not the text "maybe".']],
    ["version: 0\n", ['1:10 "version" must be 1, not 0.']],
    [
      "engine: {budget: {image-bytes: big}}\n",
      ['1:19 "engine.budget.image-bytes" must be a size such as 20MB or 20000000, not "big".'],
    ],
    ["fail-on:\n", ['1:9 "fail-on" must be a text, not nothing.']],
    ["preset: strict\n", ['1:1 Unknown key "preset". Write "extends: NAME" to choose a preset.']],
    ["fail-on: error\nfail-on: info\n", [expect.stringContaining("2:1 Map keys must be unique")]],
    ["a: [\n", [expect.stringMatching(/^\d:\d .*flow sequence/i)]],
    ["extends: strickt\n", [expect.stringContaining('1:1 "extends: strickt" is neither a preset')]],
  ])("tells what is wrong with %j", async (text, expected) => {
    expect(await problemsOf(text)).toEqual(expected);
  });

  it("follows anchors", async () => {
    await using folder = await tempDir();
    write(folder, { ".dflint.yaml": "include: &list [a, b]\nexclude: *list\n" });
    expect((await load(folder)).exclude).toMatchObject([{ folder: folder.path, patterns: ["a", "b"] }]);
  });

  it("follows merge keys, nearer ones first, also where mappings hold each other", async () => {
    await using folder = await tempDir();
    write(folder, {
      ".dflint.yaml": `
rules: &all
  <<: [&one {DFL001: info}, {DFL001: error, <<: {DFL002: error}}, *all]
  DFL002: style
overrides:
  - files: x/**
    rules: {<<: *all, DFL001: off}
`,
    });
    const config = await load(folder);
    expect(levels(config, folder.join("Dockerfile"))).toEqual(["DFL001 info", "DFL002 style"]);
    expect(levels(config, folder.join("x/Dockerfile"))).toEqual(["DFL002 style"]);
  });

  it("tells a file that is no text, or a link to nothing", async () => {
    await using folder = await tempDir();
    write(folder, { "zero.yaml": "a\0b" });
    await expect(load(folder, ".", { path: folder.join("zero.yaml") })).rejects.toThrow(
      /zero\.yaml: cannot be read: it is binary or UTF-16/,
    );
    symlinkSync("nowhere", folder.join(".dflint.yaml"));
    await expect(load(folder)).rejects.toThrow(/\.dflint\.yaml: the symbolic link points at nothing/);
  });
});

describe("extending", () => {
  it("lays files over one another, in order", async () => {
    await using folder = await tempDir();
    write(folder, {
      "base/common.yaml": "fail-on: error\nexclude: [old]\nrules: {DFL001: info, DFL002: info}\n",
      ".dflint.yaml": "extends: [strict, base/common.yaml]\nrules: {DFL001: error}\n",
    });
    const config = await load(folder);
    expect(config).toMatchObject({ preset: "strict", failOn: "error" });
    expect(levels(config, folder.join("Dockerfile"))).toEqual(["DFL001 error", "DFL002 info"]);
    // Patterns stay relative to the file that holds them.
    expect(config.exclude).toMatchObject([{ folder: folder.join("base"), patterns: ["old"] }]);
  });

  it("takes packages", async () => {
    await using folder = await tempDir();
    write(folder, {
      "node_modules/@acme/rules/package.json": '{"name": "@acme/rules"}',
      "node_modules/@acme/rules/.dflint.yaml": "fail-on: style\n",
      ".dflint.yaml": 'extends: "@acme/rules"\n',
    });
    expect((await load(folder)).failOn).toBe("style");
  });

  it("refuses circles", async () => {
    await using folder = await tempDir();
    write(folder, { ".dflint.yaml": "extends: ./b.yaml\n", "b.yaml": "extends: .dflint.yaml\n" });
    await expect(load(folder)).rejects.toThrow(/goes in a circle/);
  });

  it("gives way to --preset", async () => {
    await using folder = await tempDir();
    write(folder, { ".dflint.yaml": "extends: strict\n" });
    expect((await load(folder, ".", { preset: "hadolint" })).preset).toBe("hadolint");
  });
});

describe("hadolint's configuration", () => {
  it("is read as ours", async () => {
    await using folder = await tempDir();
    write(folder, {
      "settings.yaml": `
ignored: [DL3001, SC2046, DL9999]
override:
  error: [DL3002]
  style: [DL3001]
trustedRegistries: [docker.io]
label-schema: {author: text}
strict-labels: true
failure-threshold: error
disable-ignore-pragma: true
`,
    });
    const config = await load(folder, ".", { path: folder.join("settings.yaml") });
    expect(config).toMatchObject({
      preset: "hadolint",
      failOn: "error",
      settings: { trustedRegistries: ["docker.io"], labels: { required: { author: "text" }, strict: true } },
      inline: { enabled: false },
    });
    expect(levels(config, folder.join("Dockerfile"))).toEqual(["DFL002 error"]);
  });

  it("fails never with no-fail, and tells what is wrong with its place", async () => {
    await using folder = await tempDir();
    write(folder, { ".hadolint.yaml": "no-fail: true\n", "b.hadolint.yaml": "ignord: [DL3001]\n" });
    expect((await load(folder, ".", { path: folder.join(".hadolint.yaml") })).failOn).toBe("never");
    await expect(load(folder, ".", { path: folder.join("b.hadolint.yaml") })).rejects.toThrow(
      /b\.hadolint\.yaml:1:1: Unknown key "ignord"\. Did you mean "ignored"\?/,
    );
  });
});

describe("accepted findings", () => {
  it("are chosen by file, and expire", async () => {
    await using folder = await tempDir();
    write(folder, {
      ".dflint.yaml": `
ignore:
  - {rule: DFL001, files: "a/**", reason: known}
  - {rule: DFL002, until: 2026-01-01}
`,
    });
    const linters = new ConfiguredLinters(await load(folder), rules, names, { today: "2026-11-22" });
    const accepted = (path: string): string[] => linters.ignoredIn(folder.join(path)).map(({ rule }) => rule);
    expect(accepted("a/Dockerfile")).toEqual(["DFL001"]);
    expect(accepted("b/Dockerfile")).toEqual([]);
    const linter = linters.linterFor(folder.join("a/Dockerfile"));
    const { diagnostics } = linter.lint({
      text: "FROM x\nRUN y\n",
      ignored: linters.ignoredIn(folder.join("a/Dockerfile")),
    });
    expect(diagnostics[0]?.suppressed).toEqual({ by: "config", reason: "known" });
  });
});
