import { startEngine } from "./engine/start.ts";
import { parseRelease } from "./engine/versions.ts";

/** A program for the test of crashes: starts an engine, prints where it is, and waits to be killed. */
async function main(): Promise<void> {
  const { socketPath, networkPid } = await startEngine({ version: parseRelease(process.argv[2] ?? "") });
  process.stdout.write(
    `${JSON.stringify({ folder: socketPath.replace(/\/docker\.sock$/, ""), pid: networkPid })}\n`,
  );
  setInterval(() => undefined, 60_000);
}

void main();
