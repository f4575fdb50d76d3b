/** Runs the built dflint as its users do: as a program of its own. */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { TempDir } from "test-support/temp-dir";

/** The built program. */
export const CLI: string = fileURLToPath(new URL("../../packages/lint/dist/cli.mjs", import.meta.url));

/** What a run gave. */
export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** How to run it. */
export interface RunOptions {
  readonly folder: string;
  readonly input?: string | Buffer;
  readonly environment?: Readonly<Record<string, string>>;
  readonly uid?: number;
}

/** Runs dflint with some arguments and waits for its end. */
export async function dflint(
  args: readonly string[],
  { folder, input, environment, uid }: RunOptions,
): Promise<Run> {
  const { FORCE_COLOR: _force, NO_COLOR: _no, ...inherited } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { ...inherited, ...environment },
    ...(uid !== undefined && { uid }),
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  child.stdin.on("error", () => undefined); // one that does not read its input closes it
  child.stdin.end(input ?? "");
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return { code, out, err };
}

/** Writes files below a folder. */
export function writeFiles(folder: TempDir, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(folder.join(name)), { recursive: true });
    writeFileSync(folder.join(name), content);
  }
}
