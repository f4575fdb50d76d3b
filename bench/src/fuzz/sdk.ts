/** The properties of docker-engine-sdk, which are tests, tried very often. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FuzzOptions } from "./lint.ts";

/** Whether all of them hold. */
export function fuzzSdk({ runs, seed }: FuzzOptions): boolean {
  const vitest = ["--no-install", "vitest", "run", "--project", "sdk", ".property.test"];
  const { status } = spawnSync("npx", vitest, {
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
    env: { ...process.env, FUZZ_RUNS: String(runs), FUZZ_SEED: String(seed) },
    stdio: "inherit",
  });
  return status === 0;
}
