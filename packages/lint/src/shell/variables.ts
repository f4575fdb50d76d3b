import type { ShellCommand, ShellWord } from "./nodes.ts";

const DECLARING: ReadonlySet<string> = new Set(["export", "declare", "typeset", "local", "readonly"]);

// Of variables that are made of each other. No person goes half as far; a value is worked out by recursion.
const LONGEST_CHAIN = 100;
// Characters. `A=$B$B; B=$C$C …` doubles with each.
const LONGEST_VALUE = 64 * 1024;

const NONE: readonly ShellCommand[] = [];

/** The variables that a script sets. Worked out when the first one is asked for. */
export class ShellVariables {
  #commands: readonly ShellCommand[] = NONE;
  // The variables of loops. Most scripts have none.
  #loops: string[] | undefined;
  // Undefined where the value is not one literal.
  #values: Map<string, (() => string | undefined) | undefined> | undefined;
  // Names being worked out, so that `A=$A` ends. Most scripts need none.
  #asked: Set<string> | undefined;

  /** Tells the commands that set them, when all are read. */
  setBy(commands: readonly ShellCommand[]): void {
    this.#commands = commands;
  }

  /** Notes the variable of a loop, which has many values. */
  loop(name: string): void {
    this.#loops ??= [];
    this.#loops.push(name);
  }

  sets(name: string): boolean {
    return this.#all().has(name);
  }

  value(name: string): string | undefined {
    const value = this.#all().get(name);
    if (!value || this.#asked?.has(name)) return undefined;
    this.#asked ??= new Set();
    if (this.#asked.size >= LONGEST_CHAIN) return undefined;
    this.#asked.add(name);
    try {
      const found = value();
      return found !== undefined && found.length > LONGEST_VALUE ? undefined : found;
    } finally {
      this.#asked.delete(name);
    }
  }

  #all(): Map<string, (() => string | undefined) | undefined> {
    if (this.#values) return this.#values;
    const values = new Map<string, (() => string | undefined) | undefined>();
    this.#values = values;
    const set: Setter = (name, value) => {
      // A second value makes both unknown.
      values.set(name, values.has(name) ? undefined : value);
    };
    for (const name of this.#loops ?? []) set(name, undefined);
    for (const { words, assignments, name } of this.#commands) {
      // Before a command, assignments hold for that command alone.
      if (words.length === 0)
        for (const assignment of assignments) set(assignment.name, () => assignment.value?.value);
      else if (name !== undefined && DECLARING.has(name))
        for (const word of words.slice(1)) declare(word, set);
      else if (name === "read") for (const word of words.slice(1)) if (word.value) set(word.value, undefined);
    }
    return values;
  }
}

type Setter = (name: string, value: (() => string | undefined) | undefined) => void;

function declare(word: ShellWord, set: Setter): void {
  const equals = word.text.indexOf("=");
  if (equals > 0) set(word.text.slice(0, equals), () => word.value?.slice(equals + 1));
}
