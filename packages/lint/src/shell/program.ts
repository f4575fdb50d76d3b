/** Which program a command really starts, behind `sudo`, `env`, `exec` and the like. */
import { baseName } from "../source/path.ts";
import type { ShellAssignment, ShellCommand, ShellWord } from "./nodes.ts";
import { ProgramNode, type ProgramCall } from "./parsing/program-node.ts";

export type { ProgramCall } from "./parsing/program-node.ts";

/** How a wrapper is read: which of its options take a value, and how many words come before the program. */
interface Wrapper {
  /** Letters of short options, and long options without dashes, that take the next word. */
  readonly valued: readonly string[];
  /** Words before the program, such as the user of `gosu user program`. */
  readonly operands?: number;
  /** Whether `NAME=value` may stand before the program. */
  readonly assignments?: boolean;
}

const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  [
    "sudo",
    {
      valued: ["u", "g", "h", "p", "C", "r", "t", "D", "R", "T", "user", "group", "chdir"],
      assignments: true,
    },
  ],
  ["doas", { valued: ["u", "C"] }],
  ["env", { valued: ["u", "C", "unset", "chdir"], assignments: true }],
  ["exec", { valued: ["a"] }],
  ["command", { valued: [] }],
  ["builtin", { valued: [] }],
  ["nohup", { valued: [] }],
  ["time", { valued: ["f", "o"] }],
  ["nice", { valued: ["n", "adjustment"] }],
  ["ionice", { valued: ["c", "n", "class", "classdata"] }],
  ["timeout", { valued: ["k", "s", "kill-after", "signal"], operands: 1 }],
  ["gosu", { valued: [], operands: 1 }],
  ["su-exec", { valued: [], operands: 1 }],
  [
    "xargs",
    { valued: ["I", "n", "P", "L", "d", "a", "s", "E", "max-args", "max-procs", "delimiter", "arg-file"] },
  ],
  ["stdbuf", { valued: ["i", "o", "e"] }],
  ["busybox", { valued: [] }],
  ["eatmydata", { valued: [] }],
]);
const WRAPPER_LIMIT = 8;

/** The program that a command starts; undefined for bare assignments and redirects. */
export function programOf(command: ShellCommand): ProgramCall | undefined {
  const [first] = command.words;
  if (!first) return undefined;
  const { name } = command;
  if (command.assignments.length === 0 && (name === undefined || !WRAPPERS.has(name))) {
    return new ProgramNode({ command, name, word: first, wrappers: NONE, environment: EMPTY }, 0);
  }
  return unwrap(command);
}

const NONE: readonly string[] = [];
const EMPTY: ReadonlyMap<string, string | undefined> = new Map();

function unwrap(command: ShellCommand): ProgramCall | undefined {
  const { words } = command;
  const environment = new Map(command.assignments.map(valueOf));
  const wrappers: string[] = [];
  let at = 0;
  for (;;) {
    const word = words[at];
    if (!word) break;
    const name = baseName(word.value);
    const wrapper = name === undefined ? undefined : WRAPPERS.get(name);
    const next = wrapper ? afterWrapper(words, at + 1, wrapper, environment) : at;
    // A wrapper that wraps nothing is the program itself.
    if (!wrapper || name === undefined || next >= words.length || wrappers.length >= WRAPPER_LIMIT) {
      return new ProgramNode({ command, name, word, wrappers, environment }, at);
    }
    wrappers.push(name);
    at = next;
  }
  return undefined;
}

function afterWrapper(
  words: readonly ShellWord[],
  start: number,
  wrapper: Wrapper,
  environment: Map<string, string | undefined>,
): number {
  let at = start;
  for (; at < words.length; at += 1) {
    const text = words[at]?.prefix ?? "";
    if (text === "--") {
      at += 1;
      break;
    }
    const equals = text.indexOf("=");
    if (text.startsWith("-") && text.length > 1) {
      if (takesNext(text, wrapper)) at += 1;
    } else if (wrapper.assignments && /^\w+=/.test(text)) {
      const value = words[at]?.value;
      environment.set(text.slice(0, equals), value?.slice(equals + 1));
    } else {
      break;
    }
  }
  return at + (wrapper.operands ?? 0);
}

function takesNext(option: string, wrapper: Wrapper): boolean {
  if (option.startsWith("--")) return !option.includes("=") && wrapper.valued.includes(option.slice(2));
  // `-n5` brings its value along, `-n 5` takes the next word.
  for (let at = 1; at < option.length; at += 1) {
    if (wrapper.valued.includes(option.charAt(at))) return at === option.length - 1;
  }
  return false;
}

function valueOf(assignment: ShellAssignment): [string, string | undefined] {
  return [assignment.name, assignment.value?.value];
}
