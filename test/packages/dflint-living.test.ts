/** What helps to live with findings: those that are accepted for a while, comments that say why, frozen rulesets. */
import { tempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { dflint, writeFiles, type Run } from "./dflint-run.ts";

const GOOD = 'FROM alpine:3.20\nUSER 1000\nCMD ["true"]\n';
const BAD = `${GOOD}MAINTAINER Ada\n`;

async function lint(files: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Run> {
  await using folder = await tempDir();
  writeFiles(folder, files);
  return await dflint([...args, "-o", "compact"], { folder: folder.path });
}

function ignoring(entry: string): string {
  return `ignore:\n  - { rule: DL4000, ${entry} }\n`;
}

describe("ignore in the configuration", () => {
  it.each([
    ["reason: soon", 0],
    ["files: other/**", 1],
    ["files: Docker*", 0],
    ["until: 2999-12-31", 0],
  ])("with %s ends with %i", async (entry, code) => {
    const run = await lint({ Dockerfile: BAD, ".dflint.yaml": ignoring(entry) }, "--only", "DFL810");
    expect({ code: run.code, err: run.err }).toEqual({ code, err: "" });
  });

  it("ends with its date: the finding returns, and a note says why", async () => {
    const files = { Dockerfile: BAD, ".dflint.yaml": ignoring("until: 2020-01-31") };
    const run = await lint(files, "--only", "DFL810");
    expect(run.code).toBe(1);
    expect(run.out).toContain("DFL810");
    expect(run.err).toBe("dflint: .dflint.yaml: what is accepted of DL4000 expired on 2020-01-31.\n");
  });
});

describe("comments", () => {
  const comment = (text: string): string => BAD.replace("MAINT", `# dflint ${text}\nMAINT`);

  it.each([
    ["ignore=DFL810", [], 0, ""],
    ["ignore=DFL810 until=2999-12-31 -- why", ["--require-reason"], 0, ""],
    ["ignore=DFL810", ["--require-reason"], 1, "The directive gives no reason"],
    ["ignore=DFL810 until=2020-01-31", [], 1, "expired on 2020-01-31"],
    ["ignore=DFL202", [], 1, "mutes nothing"],
    ["ignore=DFL810", ["--no-inline"], 1, "MAINTAINER is deprecated"],
  ])("%s with %j end with %i", async (text, args, code, message) => {
    const run = await lint({ Dockerfile: comment(text) }, "--severity", "DFL910=warning", ...args);
    expect({ code: run.code, out: run.out }).toEqual({ code, out: expect.stringContaining(message) });
  });

  it("that mute nothing are passed over where the configuration says so, unless the command line asks", async () => {
    const files = {
      Dockerfile: comment("ignore=DFL202"),
      ".dflint.yaml": "inline: { report-unused: false }\n",
    };
    expect((await lint(files)).out).not.toContain("mutes nothing");
    expect((await lint(files, "--report-unused")).out).toContain("mutes nothing");
  });
});

describe("rulesets", () => {
  it("are told where one is unknown", async () => {
    const run = await lint({ Dockerfile: GOOD }, "--ruleset", "2020-01");
    expect({ code: run.code, err: run.err }).toEqual({
      code: 2,
      err: expect.stringContaining('dflint: There is no ruleset "2020-01": use 2026-11.'),
    });
    const config = await lint({ Dockerfile: GOOD, ".dflint.yaml": "ruleset: 2020-01\n" });
    expect({ code: config.code, err: config.err }).toEqual({
      code: 2,
      err: expect.stringContaining('.dflint.yaml:1:1: There is no ruleset "2020-01": use 2026-11.'),
    });
  });
});
