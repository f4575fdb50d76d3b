import { blocksAround } from "./blocks.ts";
import type { Script, ShellCommand } from "./nodes.ts";

/** Commands that run other code, or nothing after them. */
const OPAQUE = new Set(["eval", ".", "source", "exec", "exit", "return"]);

/**
 * What may join one more command to the end of a script, so that it fails wherever it failed without it; undefined where
 * nothing does. `&&` asks whether all before it went well, but turns `-e` off in groups, subshells and functions. After
 * `;` a failure is forgotten that `-e` does not heed, as that of `a` in `a && b`, or of `! a`.
 *
 * @param last the last command that stands in no block.
 * @param rest what is written after it.
 */
export function joinerAfter(
  script: Script,
  last: ShellCommand | undefined,
  rest: string,
): "&&" | ";" | undefined {
  const errexit = errexitAtEnd(script);
  if (errexit === "off") return "&&";
  if (last !== undefined && OPAQUE.has(last.name ?? ".")) return undefined;
  if (script.commands.some(({ block }) => blocksAround(block).some(({ kind }) => kind === "function")))
    return undefined;
  const before = last?.pipeline.commands[0]?.before ?? "none";
  const isList = last?.negated === true || before === "&&" || before === "||";
  const endsInBlock = /[^\s;\\`]/.test(rest) || last?.pipeline.length !== last?.pipeline.commands.length;
  if (endsInBlock) return errexit === "unknown" || isList || /&&|!/.test(rest) ? undefined : ";";
  return errexit === "on" && !isList && before !== "none" ? ";" : "&&";
}

/** Whether `-e` is in effect after the last command. */
function errexitAtEnd(script: Script): "on" | "off" | "unknown" {
  let state: "on" | "off" | "unknown" = script.errexit ? "on" : "off";
  for (const { name, words, block, before } of script.commands) {
    if (name !== "set") continue;
    const change = changeBy(words.map(({ value }) => value ?? "$"));
    if (change === undefined || change === state) continue;
    const isCertain =
      block.kind === "script" && (before === "none" || before === ";" || before === "newline");
    state = isCertain ? change : "unknown";
  }
  return state;
}

/** What a call of `set` makes of `-e`; undefined where it leaves it as it is. */
function changeBy(words: readonly string[]): "on" | "off" | "unknown" | undefined {
  let change: "on" | "off" | "unknown" | undefined;
  for (const [at, word] of words.entries()) {
    if (word.includes("$")) change = "unknown";
    else if (/^[-+][a-zA-Z]*e/.test(word)) change = word.startsWith("-") ? "on" : "off";
    else if (word === "errexit") change = words[at - 1] === "-o" ? "on" : "off";
  }
  return change;
}
