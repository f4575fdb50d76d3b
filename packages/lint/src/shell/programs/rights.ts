import { baseName } from "../../source/path.ts";
import type { ProgramCall } from "../program.ts";

/** Programs that start others as another user. */
const CHANGE_USER = new Set(["sudo", "doas", "gosu", "su-exec"]);

/**
 * The words by which a program is started as another user, with a blank after them: `sudo -E `, `gosu app `. What cleans up
 * after it needs the same rights, and the same home. Empty where there are none.
 */
export function rightsOf({ command: { words }, word, wrappers }: ProgramCall): string {
  if (!wrappers.some((name) => CHANGE_USER.has(name))) return "";
  const start = words.findIndex(({ value }) => CHANGE_USER.has(baseName(value) ?? ""));
  const next = wrappers[wrappers.findIndex((name) => CHANGE_USER.has(name)) + 1];
  const end = words.findIndex(
    (one, at) => one === word || (at > start && next !== undefined && baseName(one.value) === next),
  );
  return words
    .slice(start, end)
    .map(({ text }) => `${text} `)
    .join("");
}
