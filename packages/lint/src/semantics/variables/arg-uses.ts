/** Where the ARGs of a file may be used. Names are looked for in the text, so that a use is never missed. */
import { countBefore } from "../../source/count-before.ts";
import type { Script } from "../../shell/nodes.ts";
import type { Instruction } from "../../syntax/nodes.ts";
import type { Model, Stage } from "../model.ts";

/** Programs that read no variables but those that everybody knows; they run nothing that does. */
const INDIFFERENT: ReadonlySet<string> = new Set(
  (
    "[ [[ : addgroup adduser apk apt apt-get basename cat cd chgrp chmod chown chpasswd command cp curl cut date " +
    "dirname dnf echo exit export false gpg grep groupadd gunzip gzip head id install ldconfig ln ls md5sum microdnf " +
    "mkdir mktemp mv passwd printf pwd readlink realpath rm rmdir sed set sha256sum sha512sum sleep sort stat tail " +
    "tar tdnf tee test touch tr true type uname uniq unset unzip update-ca-certificates useradd usermod wc wget which " +
    "whoami yum zypper"
  ).split(" "),
);

/** A place of a stage in the tree of stages: what is based on it, directly or not, has numbers up to `last`. */
interface TreePlace {
  readonly number: number;
  last: number;
}

/** A stage that uses something, and the position of its last instruction that does. */
interface Use {
  readonly number: number;
  position: number;
}

/** Answers for one file. Linear in its length, but for the logarithm of the number of stages. */
export class ArgUses {
  /** By index of a stage. */
  #places: TreePlace[] = [];
  readonly #ordered: Stage[] = [];
  readonly #byName = new Map<string, Use[]>();
  readonly #script: (run: Instruction) => Script | undefined;
  /** By number of a stage: the position of the last program that may look into its environment; -1 for none. */
  readonly #readers: number[] = [];
  /** By number of a stage without such programs: the number of the next that has one, or of one before it. */
  readonly #nextReaders: number[] = [];

  /** @param names the names to look for. @param script gives the code of a RUN. */
  constructor(model: Model, names: ReadonlySet<string>, script: (run: Instruction) => Script | undefined) {
    this.#script = script;
    const sought = new Names(names);
    this.#number(model.stages);
    for (const [number, stage] of this.#ordered.entries()) {
      let position = 0;
      for (const instruction of stage.instructions) {
        for (const name of mentioned(sought, instruction)) noteUse(this.#usesOf(name), number, position);
        position += 1;
      }
    }
  }

  /** Whether an instruction below that one, or of a stage that is based on its stage, names the variable. */
  isNamed(name: string, stage: Stage, position: number): boolean {
    const place = this.#places[stage.index];
    if (place === undefined) return true;
    const uses = this.#byName.get(name) ?? [];
    const first = countBefore(uses, ({ number }) => number < place.number);
    const own = uses[first]?.number === place.number ? uses[first] : undefined;
    if (own !== undefined && own.position > position) return true;
    const next = own === undefined ? uses[first] : uses[first + 1];
    return next !== undefined && next.number <= place.last;
  }

  /** Whether a program runs below it that may look into its environment. Most ARGs are named, and nobody asks that. */
  mayBeRead(stage: Stage, position: number): boolean {
    const place = this.#places[stage.index];
    if (place === undefined || this.#lastReader(place.number) > position) return true;
    return this.#nextReader(place.number + 1, place.last) <= place.last;
  }

  #lastReader(number: number): number {
    return (this.#readers[number] ??= (this.#ordered[number]?.instructions ?? []).findLastIndex(
      (instruction) => instruction.keyword === "RUN" && mayRead(this.#script(instruction)),
    ));
  }

  /** The number of the first stage that has such a program, or of one behind the last. */
  #nextReader(first: number, last: number): number {
    const passed: number[] = [];
    let at = first;
    while (at <= last && this.#lastReader(at) === -1) {
      passed.push(at);
      at = this.#nextReaders[at] ?? at + 1;
    }
    for (const number of passed) this.#nextReaders[number] = at;
    return at;
  }

  #usesOf(name: string): Use[] {
    let uses = this.#byName.get(name);
    if (uses === undefined) this.#byName.set(name, (uses = []));
    return uses;
  }

  /** Numbers the stages so that those based on one follow it directly. */
  #number(stages: readonly Stage[]): void {
    const above: (Stage[] | undefined)[] = stages.map(() => undefined);
    const open: Stage[] = [];
    for (const stage of stages.toReversed()) {
      const below = stage.base.stage;
      if (below === undefined) open.push(stage);
      else (above[below.index] ??= []).push(stage);
    }
    for (let stage = open.pop(); stage !== undefined; stage = open.pop()) {
      this.#ordered.push(stage);
      for (const child of above[stage.index] ?? []) open.push(child);
    }
    this.#places = stages.map(() => ({ number: 0, last: 0 }));
    for (const [number, stage] of this.#ordered.entries())
      this.#places[stage.index] = { number, last: number };
    for (const stage of this.#ordered.toReversed()) {
      const own = this.#places[stage.index];
      const below = stage.base.stage && this.#places[stage.base.stage.index];
      if (own !== undefined && below !== undefined) below.last = Math.max(below.last, own.last);
    }
  }
}

function noteUse(uses: Use[], number: number, position: number): void {
  const last = uses.at(-1);
  if (last?.number === number) last.position = position;
  else uses.push({ number, position });
}

/** Those of the names that an instruction mentions: as any word of a RUN, and elsewhere behind a dollar. */
function mentioned(names: Names, instruction: Instruction): readonly string[] {
  const inner = instruction.keyword === "ONBUILD" ? instruction.inner : instruction;
  const isRun = inner?.keyword === "RUN";
  const { text } = instruction.logical;
  let found = isRun || text.includes("$") ? names.in(text, !isRun) : NONE;
  for (const { content } of inner?.heredocs ?? []) {
    if (isRun || content.includes("$")) found = [...found, ...names.in(content, !isRun)];
  }
  return found;
}

const NONE: readonly string[] = [];
const DOLLAR = 36;
const OPEN_BRACE = 123;

/** So many names are sooner searched for one by one than the words of a text are gone through. */
const FEW = 20;

/** The names that are looked for. */
class Names {
  readonly #names: ReadonlySet<string>;
  readonly #few: readonly string[] | undefined;
  /** By character: whether a name begins with it. Most words of a script do not look like a name. */
  readonly #initials = new Uint8Array(128);

  constructor(names: ReadonlySet<string>) {
    this.#names = names;
    this.#few = names.size > FEW ? undefined : [...names];
    for (const name of names) this.#initials[name.charCodeAt(0)] = 1;
  }

  /** Those that a text mentions. Goes through its words by hand: a RUN may be as long as a file. */
  in(text: string, behindDollar: boolean): readonly string[] {
    if (this.#few?.some((name) => text.includes(name)) === false) return NONE;
    let found: string[] | undefined;
    for (let at = 0; at < text.length; at += 1) {
      const initial = text.charCodeAt(at);
      if (!isLetter(initial)) continue;
      const start = at;
      do at += 1;
      while (at < text.length && isWordPart(text.charCodeAt(at)));
      if (this.#initials[initial] !== 1 || (behindDollar && !followsDollar(text, start))) continue;
      const name = text.slice(start, at);
      if (this.#names.has(name)) (found ??= []).push(name);
    }
    return found ?? NONE;
  }
}

function followsDollar(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return before === DOLLAR || (before === OPEN_BRACE && text.charCodeAt(at - 2) === DOLLAR);
}

/** A letter of ASCII or `_`. */
function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function isWordPart(code: number): boolean {
  return isLetter(code) || (code >= 48 && code <= 57);
}

function mayRead(script: Script | undefined): boolean {
  if (script === undefined) return true;
  return script.commands.some(
    ({ name, words }) => words.length > 0 && (name === undefined || !INDIFFERENT.has(words[0]?.text ?? "")),
  );
}
