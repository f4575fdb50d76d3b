/** The scripts that rule authors use, in a copy of the repository. */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { snapshotRepository } from "./repository-snapshot.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly out: string;
}

function script(lint: string, name: string, ...args: readonly string[]): Ended {
  const argv = ["--import", "tsx", "-C", "source", join(lint, "scripts", name), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: lint, encoding: "utf8" });
  return { status, out: stdout + stderr };
}

describe("the generator", () => {
  it("writes a new rule with its index, page and schema; tells what is stale; is the same every time", async () => {
    await using folder = await tempDir();
    const copy = folder.join("copy");
    mkdirSync(copy);
    snapshotRepository(copy);
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
    const lint = join(copy, "packages/lint");
    symlinkSync(join(ROOT, "packages/lint/node_modules"), join(lint, "node_modules"));
    script(lint, "generate.ts");
    expect(script(lint, "generate.ts", "--check")).toEqual({ status: 0, out: "" });

    const made = script(lint, "new-rule.ts", "DFL499", "curl-without-fail");
    expect(made.status).toBe(0);
    const text = (path: string): string => readFileSync(join(lint, path), "utf8");
    expect(text("src/rules/index.ts")).toContain('from "./dfl499-curl-without-fail.ts"');
    expect(text("docs/rules/README.md")).toContain("[DFL499](dfl499-curl-without-fail.md)");
    expect(text("docs/rules/dfl499-curl-without-fail.md")).toContain("# DFL499 curl-without-fail");
    expect(text("schema/dflint.schema.json")).toContain('"curl-without-fail"');
    expect(script(lint, "generate.ts", "--check").status).toBe(0);

    appendFileSync(join(lint, "docs/rules/dfl499-curl-without-fail.md"), "more\n");
    appendFileSync(join(lint, "src/rules/index.ts"), "// more\n");
    const stale = script(lint, "generate.ts", "--check");
    expect(stale.status).toBe(1);
    expect(stale.out.trim().split("\n")).toEqual([
      "packages/lint/src/rules/index.ts is stale: run npm run generate",
      "packages/lint/docs/rules/dfl499-curl-without-fail.md is stale: run npm run generate",
    ]);
    expect(text("src/rules/index.ts")).toContain("// more");

    expect(script(lint, "new-rule.ts", "DFL499", "another-name")).toMatchObject({
      status: 2,
      out: expect.stringContaining("DFL499 is taken"),
    });
    expect(script(lint, "new-rule.ts", "curl-without-fail")).toMatchObject({
      status: 2,
      out: expect.stringContaining("a rule curl-without-fail already"),
    });
    expect(script(lint, "new-rule.ts", "Not_Kebab").status).toBe(2);
    expect(existsSync(join(lint, "src/rules/dfl499-another-name.ts"))).toBe(false);
  });
});
