import type { ShellCommand, ShellWord } from "./nodes.ts";

const DECLARING: ReadonlySet<string> = new Set(["export", "declare", "typeset", "local", "readonly"]);

// Of variables that are made of each other. No person goes half as far; a value is worked out by recursion.
const LONGEST_CHAIN = 100;
// Characters. `A=$B$B; B=$C$C …` doubles with each.
const LONGEST_VALUE = 64 * 1024;

const NONE: readonly never[] = [];

/** What a variable is set to. */
interface Setting {
  readonly word: ShellWord | undefined;
  /** Where in the word the value begins. */
  readonly from: number;
}

const NO_SETTINGS: ReadonlyMap<string, undefined> = new Map();

/** The variables that a script sets. Worked out when the first one is asked for. */
export class ShellVariables {
  #commands: readonly ShellCommand[] = NONE;
  // The variables of loops. Most scripts have none.
  #loops: string[] | undefined;
  // Undefined where the value is not one literal.
  #settings: ReadonlyMap<string, Setting | undefined> | undefined;
  // Names being worked out, so that `A=$A` ends.
  #asked: string[] | undefined;

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
    const setting = this.#all().get(name);
    if (setting === undefined || this.#asked?.includes(name)) return undefined;
    const asked = (this.#asked ??= []);
    if (asked.length >= LONGEST_CHAIN) return undefined;
    asked.push(name);
    try {
      const found = setting.word?.value?.slice(setting.from);
      return found !== undefined && found.length > LONGEST_VALUE ? undefined : found;
    } finally {
      asked.pop();
      if (asked.length === 0) this.#asked = undefined;
    }
  }

  #all(): ReadonlyMap<string, Setting | undefined> {
    if (this.#settings !== undefined) return this.#settings;
    // Known before it is filled, since a command's name may hold a variable.
    const settings = new Map<string, Setting | undefined>();
    this.#settings = settings;
    fill(settings, this.#commands, this.#loops ?? NONE);
    if (settings.size === 0) this.#settings = NO_SETTINGS;
    return this.#settings;
  }
}

function fill(
  settings: Map<string, Setting | undefined>,
  commands: readonly ShellCommand[],
  loops: readonly string[],
): void {
  const set = (name: string, setting: Setting | undefined): void => {
    // A second value makes both unknown.
    settings.set(name, settings.has(name) ? undefined : setting);
  };
  for (const name of loops) set(name, undefined);
  for (const { words, assignments, name } of commands) {
    // Before a command, assignments hold for that command alone.
    if (words.length === 0)
      for (const { name: own, value } of assignments) set(own, { word: value, from: 0 });
    else if (name !== undefined && DECLARING.has(name))
      for (const word of words.slice(1)) {
        const equals = word.text.indexOf("=");
        if (equals > 0) set(word.text.slice(0, equals), { word, from: equals + 1 });
      }
    else if (name === "read") for (const word of words.slice(1)) if (word.value) set(word.value, undefined);
  }
}
