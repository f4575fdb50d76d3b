/** `dflint config --show` and `dflint init`: each value with where it comes from, and a start for those who have none. */
import { readFileSync } from "node:fs";
import { tempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { dflint, writeFiles } from "./dflint-run.ts";

interface Shown {
  readonly config: string | null;
  readonly values: readonly { readonly key: string; readonly value: unknown; readonly origin: string }[];
}

/** What is shown of some keys. */
async function shown(
  files: Readonly<Record<string, string>>,
  keys: readonly string[],
  ...args: readonly string[]
): Promise<Readonly<Record<string, readonly [unknown, string]>>> {
  await using folder = await tempDir();
  writeFiles(folder, files);
  const { out } = await dflint(["config", "--json", "--show", ...args], { folder: folder.path });
  const { values } = JSON.parse(out) as Shown;
  const wanted = values.filter(({ key }) => keys.includes(key));
  return Object.fromEntries(wanted.map(({ key, value, origin }) => [key, [value, origin] as const]));
}

describe("dflint config --show", () => {
  it("follows extends and overrides, and only those that apply", async () => {
    const files = {
      "base.yaml":
        "extends: strict\nrules: { base-latest: error }\noverrides:\n  - { files: a/**, rules: { DFL701: style } }\n",
      ".dflint.yaml":
        "extends: ./base.yaml\nrules:\n  DL3008: off\noverrides:\n  - { files: b/**, rules: { DL4000: error } }\n",
    };
    const keys = [
      "extends",
      "fail-on",
      "rules.base-latest",
      "rules.pin-apt",
      "rules.maintainer-deprecated",
      "rules.undefined-variable",
    ];
    expect(await shown(files, keys, "a/Dockerfile")).toEqual({
      extends: ["strict", ".dflint.yaml:1:1"],
      "fail-on": ["warning", "default"],
      "rules.base-latest": ["error", "base.yaml:2:10"],
      "rules.undefined-variable": ["style", "base.yaml:4:29"],
      "rules.maintainer-deprecated": ["warning", "preset strict"],
      "rules.pin-apt": ["off", ".dflint.yaml:3:3"],
    });
    expect(await shown(files, keys.slice(4), "b/Dockerfile")).toMatchObject({
      "rules.maintainer-deprecated": ["error", ".dflint.yaml:5:29"],
      "rules.undefined-variable": [expect.anything(), "preset strict"],
    });
  });

  it("shows nothing for what is not set where no value would mean the same", async () => {
    const keys = ["inline.report-unused", "baseline"];
    expect(await shown({}, keys, "Dockerfile")).toEqual({
      "inline.report-unused": [null, "default"],
      baseline: [null, "default"],
    });
    const files = { ".dflint.yaml": "inline: { report-unused: true }\n" };
    expect(await shown(files, keys, "Dockerfile")).toMatchObject({
      "inline.report-unused": [true, ".dflint.yaml:1:11"],
    });
  });

  it("knows hadolint's configuration by our names", async () => {
    const files = {
      ".hadolint.yaml": "ignored: [DL3008]\noverride:\n  error: [DL3020]\nstrict-labels: true\n",
    };
    const keys = ["extends", "fail-on", "labels.strict", "rules.pin-apt", "rules.add-local"];
    expect(await shown(files, keys, "Dockerfile", "--preset", "hadolint")).toEqual({
      extends: ["hadolint", "--preset"],
      "fail-on": ["info", ".hadolint.yaml"],
      "labels.strict": [true, ".hadolint.yaml:4:1"],
      "rules.pin-apt": ["off", ".hadolint.yaml:1:11"],
      "rules.add-local": ["error", ".hadolint.yaml:3:11"],
    });
  });
});

describe("dflint init", () => {
  it("writes a configuration that dflint takes, and leaves one that is there", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: 'FROM alpine:3.20\nUSER 1000\nCMD ["true"]\n' });
    const run = await dflint(["init"], { folder: folder.path });
    expect(run).toMatchObject({ code: 0, err: "" });
    for (const part of ["pre-commit", "GitHub Actions", "GitLab CI", "lint-staged"])
      expect(run.out).toContain(part);
    expect(run.out).not.toContain("migrate");
    expect(await dflint([], { folder: folder.path })).toMatchObject({ code: 0, err: "" });
    const again = await dflint(["init"], { folder: folder.path });
    expect(again).toMatchObject({
      code: 2,
      err: "dflint: .dflint.yaml is there already; --force replaces it.\n",
    });
    writeFiles(folder, { ".dflint.yaml": "rules: {}\n", ".hadolint.yaml": "" });
    const forced = await dflint(["init", "--force"], { folder: folder.path });
    expect(forced.out).toContain('"dflint migrate hadolint"');
    expect(readFileSync(folder.join(".dflint.yaml"), "utf8")).toContain("ruleset: 2026-11\n");
  });
});
