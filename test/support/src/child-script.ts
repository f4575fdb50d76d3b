import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

export interface ChildScriptResult {
  readonly exitCode: number | null;
  /** Set when it had to be ended, e.g. by the test's own time limit. */
  readonly killedBy: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a TypeScript module text in a process of its own: for tests of what only a whole process shows, such as
 * exiting by itself, unhandled rejections, warnings and memory.
 */
export async function runChildScript(
  code: string,
  {
    nodeOptions = [],
    env = {},
  }: { nodeOptions?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<ChildScriptResult> {
  const flags = [
    "--import=tsx",
    "--conditions=source",
    "--unhandled-rejections=strict",
    "--input-type=module",
  ];
  const child = spawn(process.execPath, [...flags, ...nodeOptions, "--eval", code], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = new Promise<{ exitCode: number | null; killedBy: NodeJS.Signals | null }>(
    (resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exitCode, killedBy) => resolve({ exitCode, killedBy }));
    },
  );
  const [stdout, stderr, end] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { stdout, stderr, ...end };
}
