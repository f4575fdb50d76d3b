/**
 * Preset hadolint against assertions of hadolint's own tests. They are under another licence than this project, so the
 * file of them, one JSON object a line, is named by `HADOLINT_CASES`.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ensurePackages } from "test-support/engine";
import { tempDir } from "test-support/temp-dir";
import { dflint, writeFiles } from "./dflint-run.ts";

interface Case {
  readonly id: string;
  /** A code, `SC*` for any of ShellCheck's, or `*` for any at all. */
  readonly rule: string;
  /** What is asserted: `catches`, `catchesNot`, and both of the same behind `ONBUILD`. */
  readonly kind: string;
  /** How often the rule is to be reported; `max` is null where it does not matter. */
  readonly expect: { readonly min: number; readonly max: number | null };
  readonly dockerfile: string;
  readonly config: Readonly<Record<string, unknown>> | null;
  readonly default_off: boolean;
}

interface Report {
  readonly files: readonly {
    readonly path: string;
    readonly diagnostics: readonly { readonly rule: string; readonly aliases: readonly string[] }[];
  }[];
}

const { HADOLINT_CASES } = process.env;

describe.runIf(HADOLINT_CASES !== undefined)("preset hadolint, with HADOLINT_CASES", () => {
  test("reports what hadolint reports, as often, and nothing where it is silent", async () => {
    if (spawnSync("shellcheck", ["--version"]).status !== 0) await ensurePackages(["shellcheck"]);
    const cases = readFileSync(HADOLINT_CASES ?? "", "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Case); // its shape is that of the file
    await using folder = await tempDir();
    for (const one of cases) {
      const config = configOf(one);
      writeFiles(folder, {
        [`${one.id}/Dockerfile`]: one.dockerfile,
        ...(config !== undefined && { [`${one.id}/.hadolint.yaml`]: JSON.stringify(config) }),
      });
    }
    const { out } = await dflint(["--preset", "hadolint", "-o", "json", "."], { folder: folder.path });
    const found = new Map(
      (JSON.parse(out) as Report).files.map(({ path, diagnostics }) => [path, diagnostics]),
    );
    const failed = cases.filter((one) => {
      const diagnostics = found.get(`${one.id}/Dockerfile`) ?? [];
      const count = diagnostics.filter(({ rule, aliases }) =>
        [rule, ...aliases].some((name) => isOf(one.rule, name)),
      ).length;
      return count < one.expect.min || count > (one.expect.max ?? Infinity);
    });
    const passed = cases.filter((one) => !failed.includes(one));
    const counts = [cases, passed].map((some) => some.filter(({ expect: { min } }) => min > 0).length);
    const [catching = 0, caught = 0] = counts;
    console.log(`What hadolint catches: ${caught} of ${catching} cases`);
    console.log(`what it is silent on: ${passed.length - caught} of ${cases.length - catching} cases`);
    expect(cases.length).toBeGreaterThan(0);
    expect(failed.map(({ id, rule, kind }) => `${id} ${rule} ${kind}`)).toEqual([]);
  });
});

/** A rule that is off unless it is asked for is asked for. */
function configOf({ config, default_off: isOff, rule }: Case): object | undefined {
  if (!isOff) return config ?? undefined;
  return { ...config, override: { warning: [rule] } };
}

function isOf(rule: string, name: string): boolean {
  if (rule === "*") return /^(?:DL|SC)\d+$/.test(name);
  return rule === "SC*" ? /^SC\d+$/.test(name) : name === rule;
}
