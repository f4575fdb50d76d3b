import { lastBefore } from "../source/count-before.ts";
import type { Instruction, Word } from "../syntax/nodes.ts";
import type { Setting, ShellState, Variable } from "./model.ts";

/** What an instruction changed, from its position on. */
interface Change<Value> {
  readonly position: number;
  readonly value: Value;
}

/** No chain of stages that each set something is that long. */
const MAX_PASSED = 1000;

/** What instructions changed, in order, by the name of what they set. */
type Changes = Map<string, Change<Variable>[]>;

/**
 * What holds along a stage. Changes are kept with the position of the instruction that made them, so that the
 * state at any place is looked up instead of being copied. Positions begin at 0; `Infinity` is the stage's end. A file
 * may have very many stages, and most of them change little: nothing is made before something changes.
 */
export class Scope {
  readonly #base: Scope | undefined;
  readonly #builtins: ReadonlyMap<string, Variable>;
  readonly #isClassic: boolean;
  #env: Changes | undefined;
  #args: Changes | undefined;
  /** ARGs without a value: BuildKit leaves what there is as it is. */
  #bare: Changes | undefined;
  #users: Change<Setting>[] | undefined;
  #workdirs: Change<Setting>[] | undefined;
  #shells: Change<ShellState>[] | undefined;
  readonly #shell: ShellState;
  /**
   * What stages that are based on this one have found here or below, by kind and name, so that each goes down only to
   * where one below it has asked. Nothing changes any more when they ask.
   */
  #inherited: Map<string, unknown> | undefined;
  readonly #root: Scope;
  /** Of a scope without a base: the variables set in any that is based on it, since what nobody sets needs no search. */
  #names: Set<string> | undefined;

  /**
   * @param base the scope of the stage that this one is based on, which is taken as it is at its end
   * @param isClassic whether the classic builder reads the file; otherwise BuildKit does
   */
  constructor(
    base: Scope | undefined,
    builtins: ReadonlyMap<string, Variable>,
    shell: ShellState,
    isClassic: boolean,
  ) {
    // A scope that changes nothing is passed over, so that a long chain of stages stays quick to look through.
    this.#base = base && base.#isEmpty() ? base.#base : base;
    this.#root = base ? base.#root : this;
    this.#builtins = builtins;
    this.#shell = shell;
    this.#isClassic = isClassic;
  }

  #isEmpty(): boolean {
    const settings = this.#users ?? this.#workdirs ?? this.#shells;
    return (settings ?? this.#env ?? this.#args ?? this.#bare) === undefined;
  }

  setVariable(position: number, variable: Variable): void {
    (this.#root.#names ??= new Set()).add(variable.name);
    const isBare = !this.#isClassic && variable.known && variable.value === undefined;
    let variables: Changes;
    if (variable.kind === "env") variables = this.#env ??= new Map();
    else if (isBare) variables = this.#bare ??= new Map();
    else variables = this.#args ??= new Map();
    const known = variables.get(variable.name);
    const changes = withChange(known, { position, value: variable });
    if (changes !== known) variables.set(variable.name, changes);
  }

  setUser(position: number, value: Setting): void {
    this.#users = withChange(this.#users, { position, value });
  }

  setWorkdir(position: number, value: Setting): void {
    this.#workdirs = withChange(this.#workdirs, { position, value });
  }

  setShell(position: number, value: ShellState): void {
    this.#shells = withChange(this.#shells, { position, value });
  }

  /**
   * What an expansion sees. BuildKit takes whichever of ENV and ARG has set the name last in the stage, an ARG without a
   * value aside, and hands a stage's ENVs on before its ARGs. With the classic builder ENV wins over every ARG, and an ARG
   * ends with its stage. Both win over what the builder defines.
   */
  variable(name: string, position: number): Variable | undefined {
    if (!this.#isSet(name)) return this.#builtins.get(name);
    const found = this.#isClassic ? this.#classic(name, position) : this.#lastSet(name, position);
    return found ?? this.#builtins.get(name);
  }

  #isSet(name: string): boolean {
    return this.#root.#names?.has(name) === true;
  }

  /** The ENV of a name, which containers see, whatever an ARG says. */
  environment(name: string, position: number): Variable | undefined {
    if (!this.#isSet(name)) return undefined;
    return this.#setting(position, `env ${name}`, (scope) => scope.#env?.get(name));
  }

  #classic(name: string, position: number): Variable | undefined {
    return this.environment(name, position) ?? latest(this.#args?.get(name), position)?.value;
  }

  #lastSet(name: string, position: number): Variable | undefined {
    const env = latest(this.#env?.get(name), position);
    const arg = latest(this.#args?.get(name), position);
    if (arg !== undefined && (env === undefined || arg.position > env.position)) return arg.value;
    return (
      this.environment(name, position) ??
      this.#setting(position, `arg ${name}`, (scope) => scope.#args?.get(name)) ??
      this.#setting(position, `bare ${name}`, (scope) => scope.#bare?.get(name))
    );
  }

  /** Names that are set at a position, those set nearest first: so many as the limit. */
  names(position: number, limit: number): string[] {
    const names = new Set<string>(this.#builtins.keys());
    this.#addNames(names, position, limit, true);
    for (const name of this.#base === undefined ? [] : this.#base.#finalNames(limit)) {
      if (names.size >= limit) break;
      names.add(name);
    }
    return [...names];
  }

  /** What a stage that is based on this one may see, kept like a setting. */
  #finalNames(limit: number): ReadonlySet<string> {
    const key = `names ${limit}`;
    const names = new Set<string>();
    let passed = 0;
    for (const scope of Scope.#from(this)) {
      // What was put there under the same key has the same type.
      const known = scope.#inherited?.get(key) as ReadonlySet<string> | undefined;
      if (scope === this && known !== undefined) return known;
      if (known === undefined) scope.#addNames(names, Number.POSITIVE_INFINITY, limit, !this.#isClassic);
      for (const name of known ?? []) {
        if (names.size >= limit) break;
        names.add(name);
      }
      passed += 1;
      if (known !== undefined || names.size >= limit || passed > MAX_PASSED) break;
    }
    (this.#inherited ??= new Map()).set(key, names);
    return names;
  }

  /** Adds what this scope itself sets. With the classic builder an ARG ends with its stage. */
  #addNames(names: Set<string>, position: number, limit: number, withArgs: boolean): void {
    for (const variables of withArgs ? [this.#env, this.#args, this.#bare] : [this.#env]) {
      for (const [name, changes] of variables ?? []) {
        if (names.size >= limit) return;
        if (latest(changes, position)) names.add(name);
      }
    }
  }

  user(position: number): Setting | undefined {
    return this.#setting(position, "user", (scope) => scope.#users);
  }

  workdir(position: number): Setting | undefined {
    return this.#setting(position, "workdir", (scope) => scope.#workdirs);
  }

  shell(position: number): ShellState {
    return this.#setting(position, "shell", (scope) => scope.#shells) ?? this.#shell;
  }

  /** A scope and those that it is based on. */
  static *#from(start: Scope): Generator<Scope> {
    for (let scope: Scope | undefined = start; scope; scope = scope.#base) yield scope;
  }

  /** The last change here, or in the scopes that this one is based on. */
  #setting<Value>(
    position: number,
    key: string,
    pick: (scope: Scope) => readonly Change<Value>[] | undefined,
  ): Value | undefined {
    const own = latest(pick(this), position);
    return own ? own.value : this.#base && this.#base.#final(key, pick);
  }

  /** The last change of all, here or below. */
  #final<Value>(
    key: string,
    pick: (scope: Scope) => readonly Change<Value>[] | undefined,
  ): Value | undefined {
    let passed = 0;
    let found: Value | undefined;
    for (const scope of Scope.#from(this)) {
      const change = pick(scope)?.at(-1);
      if (change !== undefined) found = change.value;
      // What was put there under the same key has the same type.
      else if (scope.#inherited?.has(key)) found = scope.#inherited.get(key) as Value | undefined;
      else if (passed < MAX_PASSED) {
        passed += 1;
        continue;
      }
      break;
    }
    if (passed > 0) (this.#inherited ??= new Map()).set(key, found);
    return found;
  }
}

/** A list with one change more. Most have one; the first is not pushed, since that makes room for many. */
function withChange<Value>(changes: Change<Value>[] | undefined, change: Change<Value>): Change<Value>[] {
  if (changes === undefined) return [change];
  changes.push(change);
  return changes;
}

/** The last change before a position. */
function latest<Value>(
  changes: readonly Change<Value>[] | undefined,
  position: number,
): Change<Value> | undefined {
  if (!changes) return undefined;
  // Most have one.
  const last = changes.at(-1);
  if (last !== undefined && last.position < position) return last;
  return lastBefore(changes, (change) => change.position < position);
}

/** A setting as an instruction made it. */
export function setting(value: string | undefined, word: Word, instruction: Instruction): Setting {
  return { value, word, instruction };
}
