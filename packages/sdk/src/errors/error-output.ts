/** How errors print that carry the output of a process: with its end, and not with all of it. */
import { fit, printable } from "../screen-text.ts";

const shownLines = 8;
const shownColumns = 160;

/** The fields that may hold output of any length. */
const outputs = ["log", "stdout", "stderr"] as const;

/** Node's own symbol; taken by name, so that this works without Node, too. */
const custom = Symbol.for("nodejs.util.inspect.custom");

type Inspect = (value: unknown, options: object) => string;

/** Gives an error output that is read like any field, and is not listed when the error is printed. */
export function setOutput<Name extends (typeof outputs)[number]>(
  error: Partial<Readonly<Record<Name, string>>>,
  values: Readonly<Record<Name, string>>,
): void {
  for (const [name, value] of Object.entries(values)) Object.defineProperty(error, name, { value });
}

/** Lets errors of a class print the end of their output below the rest. */
export function printsOutput(prototype: object): void {
  Object.defineProperty(prototype, custom, {
    value(
      this: Partial<Readonly<Record<string, unknown>>>,
      _depth: number,
      options: object,
      inspect: Inspect,
    ) {
      const fields = inspect(this, { ...options, customInspect: false });
      const ends = outputs.map((name) => endOf(name, this[name]));
      return [fields, ...ends].join("");
    },
  });
}

function endOf(name: string, output: unknown): string {
  if (typeof output !== "string" || output.trim() === "") return "";
  const lines = output.trimEnd().split("\n");
  const shown = lines.slice(-shownLines).map((line) => `\n  | ${fit(printable(line), shownColumns)}`);
  const count = lines.length > shownLines ? `, the last ${shownLines} of ${lines.length} lines` : "";
  return `\n  ${name}${count}:${shown.join("")}`;
}
