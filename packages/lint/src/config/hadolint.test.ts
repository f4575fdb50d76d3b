/** What each key of a `.hadolint.yaml` does to the verdicts of the real rules. */
import { writeFileSync } from "node:fs";
import { tempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { reaches } from "../linter/diagnostic.ts";
import { RuleNames } from "../linter/rule-names.ts";
import { rules } from "../rules/index.ts";
import { ConfiguredLinters } from "./for-file.ts";
import { isHadolintConfig } from "./hadolint.ts";
import { ConfigLoader } from "./load.ts";

const names = new RuleNames(rules);

/** The findings that count, as `DL3007 warning`, and whether they fail the run. */
async function verdict(settings: string, text: string): Promise<{ found: string[]; fails: boolean }> {
  await using folder = await tempDir();
  writeFileSync(folder.join(".hadolint.yaml"), settings);
  const config = await new ConfigLoader({ names, preset: "hadolint" }).forFolder(folder.path);
  const linter = new ConfiguredLinters(config, rules, names, {}).linterFor(folder.join("Dockerfile"));
  const { diagnostics, failedRules } = linter.lint({ text });
  expect(failedRules).toEqual([]);
  const counted = diagnostics.filter(({ suppressed }) => suppressed === undefined);
  return {
    found: counted.flatMap(({ aliases, severity }) =>
      aliases.filter((alias) => alias.startsWith("DL")).map((alias) => `${alias} ${severity}`),
    ),
    fails: counted.some(({ severity }) => reaches(severity, config.failOn)),
  };
}

const UNPINNED = "FROM debian:12\nRUN apk add --no-cache curl\n";

describe("a .hadolint.yaml", () => {
  it("without keys leaves hadolint's levels", async () => {
    expect(await verdict("{}\n", UNPINNED)).toEqual({ found: ["DL3018 warning"], fails: true });
    expect((await verdict("{}\n", "FROM debian:12\nUSER app\n")).found).toEqual(["DL3066 info"]);
  });

  it("ignored: mutes a rule, and wins over override", async () => {
    expect(await verdict("ignored: [DL3018]\n", UNPINNED)).toEqual({ found: [], fails: false });
    const both = "ignored:\n  - DL3018\noverride:\n  error:\n    - DL3018\n";
    expect((await verdict(both, UNPINNED)).found).toEqual([]);
  });

  it.each(["error", "warning", "info", "style"])("override: gives a rule the level %s", async (level) => {
    const settings = `override:\n  ${level}:\n    - DL3018\n`;
    expect((await verdict(settings, UNPINNED)).found).toEqual([`DL3018 ${level}`]);
  });

  it("override: tells apart the codes of one rule, and turns on what is off", async () => {
    const settings = "override:\n  error: [DL3032]\n  style: [DL3057]\n";
    const text = "FROM fedora:41\nRUN yum install -y a-1.0\nRUN dnf install -y a-1.0\n";
    expect((await verdict(settings, text)).found.toSorted()).toEqual([
      "DL3032 error",
      "DL3040 warning",
      "DL3057 style",
      "DL3059 info",
    ]);
  });

  it("trustedRegistries: refuses images from elsewhere", async () => {
    const text = "FROM example.org/a:1 AS a\nFROM docker.io/library/debian:12\nFROM debian:12\nFROM a\n";
    const found = await verdict('trustedRegistries:\n  - docker.io\n  - "*.gcr.io"\n', text);
    expect(found).toEqual({ found: ["DL3026 error"], fails: true });
    expect((await verdict("trustedRegistries: [docker.io, example.org]\n", text)).found).toEqual([]);
    const wild = 'trustedRegistries: ["*.gcr.io"]\n';
    expect((await verdict(wild, "FROM eu.gcr.io/a/b:1\n")).found).toEqual([]);
    expect((await verdict(wild, "FROM debian:12\n")).found).toEqual(["DL3026 error"]);
  });

  it("label-schema: asks for labels and checks their values", async () => {
    const schema = "label-schema:\n  author: text\n  home: url\n  revision: hash\n  version: semver\n";
    const good =
      'FROM debian:12\nLABEL author="Ada" home="https://example.org/" revision="0123456" version="1.2.3"\n';
    expect((await verdict(schema, good)).found).toEqual([]);
    const bad = 'FROM debian:12\nLABEL author="" home="here" revision="main"\n';
    expect((await verdict(schema, bad)).found.toSorted()).toEqual([
      "DL3049 info",
      "DL3051 warning",
      "DL3052 warning",
      "DL3055 warning",
    ]);
  });

  it("strict-labels: refuses labels that the schema does not hold", async () => {
    const text = 'FROM debian:12\nLABEL author="Ada" other="x"\n';
    const schema = "label-schema: {author: text}\n";
    expect((await verdict(schema, text)).found).toEqual([]);
    expect((await verdict(`${schema}strict-labels: true\n`, text)).found).toEqual(["DL3050 info"]);
  });

  it.each([
    ["error", false],
    ["warning", true],
    ["info", true],
    ["style", true],
    ["ignore", true],
    ["none", false],
  ])("failure-threshold: %s fails for a warning: %s", async (threshold, fails) => {
    expect(await verdict(`failure-threshold: ${threshold}\n`, UNPINNED)).toEqual({
      found: ["DL3018 warning"],
      fails,
    });
  });

  it("no-fail: reports, and never fails", async () => {
    expect(await verdict("no-fail: true\nfailure-threshold: style\n", UNPINNED)).toEqual({
      found: ["DL3018 warning"],
      fails: false,
    });
  });

  it("disable-ignore-pragma: hears no ignore comments", async () => {
    const text = "FROM debian:12\n# hadolint ignore=DL3018\nRUN apk add --no-cache curl\n";
    expect((await verdict("{}\n", text)).found).toEqual([]);
    expect((await verdict("disable-ignore-pragma: true\n", text)).found).toEqual(["DL3018 warning"]);
  });

  it("takes a key without a value for none", async () => {
    const settings =
      "ignored:\noverride:\n  error:\ntrustedRegistries:\nlabel-schema:\nfailure-threshold:\nno-fail:\n";
    expect(await verdict(settings, UNPINNED)).toEqual({ found: ["DL3018 warning"], fails: true });
    const strict = "label-schema:\n\nstrict-labels: true\n";
    expect((await verdict(strict, 'FROM debian:12\nLABEL a="b"\n')).found).toEqual(["DL3050 info"]);
  });

  it("takes the keys that are about hadolint's output for what they are", async () => {
    const settings = "format: json\nno-color: true\nverbose: false\n";
    expect((await verdict(settings, UNPINNED)).found).toEqual(["DL3018 warning"]);
  });
});

describe("what a file of any name is told by", () => {
  it.each([
    ["ignored: [DL3018]\n", true],
    ["# ours\nno-fail: true\n", true],
    ['"label-schema":\n  a: text\n', true],
    ["{ override: { info: [DL3018] } }\n", true],
    ['{"format": "json", "trustedRegistries": ["docker.io"]}\n', true],
    ['{\n  "ignored": [\n    "DL3018"\n  ]\n}\n', true],
    ["# ours\n---\n{\n  format: json, ignored: [DL3018]\n}\n", true],
    ['{\n  "rules": { "DL3018": "off" }\n}\n', false],
    ["rules:\n  DL3018: off\n", false],
    ["# ignored: [DL3018]\nextends: strict\n", false],
    ["trusted-registries: [docker.io]\n", false],
  ])("%j", (text, expected) => {
    expect(isHadolintConfig("config.yml", text)).toBe(expected);
  });
});
