/** hadolint, where it is installed. */
import { spawnSync } from "node:child_process";
import type { Contender } from "../harness.ts";

/** Its version; undefined where it is not on the PATH. */
export function hadolintVersion(): string | undefined {
  const { status, stdout } = spawnSync("hadolint", ["--version"], { encoding: "utf8" });
  return status === 0 ? (/\d+(?:\.\d+)+\S*/.exec(stdout)?.[0] ?? stdout.trim()) : undefined;
}

/** hadolint on some files, in one process. */
export function hadolintOn(files: readonly string[]): Contender {
  return { name: "hadolint", command: ["hadolint", ...files] };
}
