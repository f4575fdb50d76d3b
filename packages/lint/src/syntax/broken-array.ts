/** Arguments that were meant as a JSON array and are read as plain text. */
import { isJson } from "./json-array.ts";
import { readLooseArray, type LooseArray, type LooseFault } from "./loose-json.ts";
import type { Instruction } from "./nodes.ts";
import type { Word } from "./word.ts";

/** An array that is none. */
export interface BrokenArray {
  readonly word: Word;
  readonly array: LooseArray;
  readonly fault: LooseFault;
}

const COMMANDS: ReadonlySet<Instruction["keyword"]> = new Set(["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"]);
const PATHS: ReadonlySet<Instruction["keyword"]> = new Set(["COPY", "ADD", "VOLUME"]);

/** The array that an instruction was to have; undefined where it has one, or none was meant. */
export function brokenArray(instruction: Instruction): BrokenArray | undefined {
  const { keyword, json, args } = instruction;
  if (json || !(COMMANDS.has(keyword) || PATHS.has(keyword))) return undefined;
  const first = keyword === "HEALTHCHECK" ? instruction.command[0] : args[0];
  if (first?.text.startsWith("[") !== true) return undefined;
  const word = keyword === "HEALTHCHECK" ? first : instruction.rest;
  const array = readLooseArray(word);
  // JSON that holds something else than strings is refused, not read as text.
  if (array?.fault === undefined || !isMeant(keyword, word, array) || isJson(word.text)) return undefined;
  return { word, array, fault: array.fault };
}

/** Whether an array was meant, and not a test, a pattern or another language. */
function isMeant(keyword: Instruction["keyword"], word: Word, array: LooseArray): boolean {
  const { first, quoted, afterFirst, rest } = array;
  if (keyword === "VOLUME") return true;
  if (first === "none") return false;
  if (first === "bare")
    return afterFirst === "," || (afterFirst === "]" && rest === "" && COMMANDS.has(keyword));
  // The shell's test wants a blank behind its bracket.
  const isTest = COMMANDS.has(keyword) && /^\[\s/.test(word.text);
  return !isTest || afterFirst === "," || (keyword !== "RUN" && quoted && rest === "");
}
