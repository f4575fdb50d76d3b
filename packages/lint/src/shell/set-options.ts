/** What the built-in command `set` switches on. */
import type { ShellCommand } from "./nodes.ts";

/** Whether the script ends at the first command that fails from here on: `set -e`, `set -Eeuo pipefail`. */
export function setsErrexit({ name, words }: ShellCommand): boolean {
  return name === "set" && words.some(({ value }) => /^-[a-zA-Z]*e|^errexit$/.test(value ?? ""));
}

/** Whether it says how pipes fail from here on, `set +o pipefail` included. */
export function setsPipefail({ name, words }: ShellCommand): boolean {
  return name === "set" && words.some(({ value }) => value === "pipefail");
}
