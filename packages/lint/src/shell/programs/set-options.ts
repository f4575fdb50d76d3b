/** What the built-in command `set` switches. */
import type { ShellCommand } from "../nodes.ts";

/**
 * What a command makes of `-e`, with which a script ends at the first command that fails: on by `set -Eeuo pipefail`, off
 * by `set +o errexit`, unknown by `set $FLAGS`. Undefined where it leaves it as it is.
 */
export function errexitBy({ name, words }: ShellCommand): "on" | "off" | "unknown" | undefined {
  if (name !== "set") return undefined;
  let change: "on" | "off" | undefined;
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at]?.value;
    if (word === undefined) return "unknown";
    // `--` and what is no option: the arguments of the script.
    if (!/^[-+][a-zA-Z]+$/.test(word)) break;
    const state = word.startsWith("-") ? "on" : "off";
    if (word.includes("e")) change = state;
    if (word.includes("o")) {
      at += 1;
      if (words[at]?.value === "errexit") change = state;
    }
  }
  return change;
}

/** Whether it says how pipes fail from here on, `set +o pipefail` included. */
export function setsPipefail({ name, words }: ShellCommand): boolean {
  return name === "set" && words.some(({ value }) => value === "pipefail");
}
