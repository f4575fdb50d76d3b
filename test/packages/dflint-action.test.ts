/** The GitHub action: its steps are run as a runner would, from a copy of this repository. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { writeFiles } from "./dflint-run.ts";
import { snapshotRepository } from "./repository-snapshot.ts";

/** The scripts of `runs.steps`: `run: x`, or the indented lines below `run: |`. */
function stepsOf(action: string): string[] {
  return [...action.matchAll(/^ {6}run: (?:\|\n((?: {8}.*\n?)+)|(.+))$/gm)].map(
    ([, block, line]) => block ?? line ?? "",
  );
}

describe("the GitHub action", () => {
  it("builds the program once and annotates what it finds", async () => {
    await using folder = await tempDir();
    const action = folder.join("action");
    mkdirSync(action);
    snapshotRepository(action);
    writeFiles(folder, {
      "project/a.Dockerfile": "FROM alpine:3.20\nMAINTAINER x\n",
      "project/b/Dockerfile": "FROM alpine:3.20\nMAINTAINER x\n",
    });
    const [build = "", lint = "", ...more] = stepsOf(readFileSync(join(action, "action.yml"), "utf8"));
    expect(more).toEqual([]);
    const step = (
      script: string,
      environment: Readonly<Record<string, string>> = {},
    ): { status: number | null; out: string } => {
      const env = { ...process.env, GITHUB_ACTION_PATH: action, ...environment };
      const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", script], {
        cwd: folder.join("project"),
        env,
        encoding: "utf8",
      });
      return { status, out: stdout + stderr };
    };
    expect(step(build)).toMatchObject({ status: 0 });
    const inputs = { DFLINT_ARGS: "--only DFL810 --severity DFL810=error", DFLINT_PATHS: "*.Dockerfile b" };
    const { status, out } = step(lint, inputs);
    expect(status).toBe(1);
    expect(out.match(/^::error file=[^,]*/gm)).toEqual([
      "::error file=a.Dockerfile",
      "::error file=b/Dockerfile",
    ]);
    expect(step(lint, { DFLINT_ARGS: "--only DFL810 --fail-on error", DFLINT_PATHS: "." }).status).toBe(0);
  });
});
