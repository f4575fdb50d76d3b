import { blocksAround } from "./blocks.ts";
import type { Script, ShellCommand } from "./nodes.ts";
import { errexitBy } from "./programs/set-options.ts";

/** Commands that run other code. */
const OPAQUE = new Set(["eval", ".", "source"]);
/** Commands after which nothing runs. */
const ENDS = new Set(["exec", "exit", "return"]);

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
  const endsInBlock = /[^\s;\\`]/.test(rest) || last?.pipeline.length !== last?.pipeline.commands.length;
  const before = last?.pipeline.commands[0]?.before ?? "none";
  // `a || exit 1` ends only what failed.
  if (!endsInBlock && before !== "||" && ENDS.has(last?.name ?? "")) return undefined;
  const errexit = errexitAtEnd(script);
  if (errexit === "off") return "&&";
  if (OPAQUE.has(last?.name ?? "")) return undefined;
  if (script.commands.some(({ block }) => blocksAround(block).some(({ kind }) => kind === "function")))
    return undefined;
  // Before `|`, a pipe begins with a block, and what stands before that is not known.
  const isList = last?.negated === true || ["&&", "||", "|", "|&"].includes(before);
  if (endsInBlock) return errexit === "unknown" || isList || /&&|!/.test(rest) ? undefined : ";";
  return errexit === "on" && !isList && before !== "none" ? ";" : "&&";
}

/** Whether `-e` is in effect after the last command. */
function errexitAtEnd(script: Script): "on" | "off" | "unknown" {
  let state: "on" | "off" | "unknown" = script.errexit ? "on" : "off";
  for (const command of script.commands) {
    const change = errexitBy(command);
    if (change === undefined || change === state) continue;
    const { block, before } = command;
    const isCertain =
      block.kind === "script" && (before === "none" || before === ";" || before === "newline");
    state = isCertain ? change : "unknown";
  }
  return state;
}
