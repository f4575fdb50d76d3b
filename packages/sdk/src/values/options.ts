/** Objects of ours, whose names are all known: one that is misspelt would be ignored, and something else be done. */
import {
  boolean,
  integer,
  isRecord,
  list,
  named,
  number,
  optional,
  record,
  text,
  texts,
  wrongKind,
  type Check,
} from "./argument.ts";
import type { CallOptions } from "./call-options.ts";
import { nearestName } from "./nearest-name.ts";

/** What a value's type lets its kind be called. Words that the engine does not know of are listed. */
type Kind<Value> = [Value] extends [boolean]
  ? "boolean"
  : [Value] extends [number]
    ? "number" | "integer"
    : [Value] extends [string]
      ? "text" | readonly Value[]
      : [Value] extends [number | string]
        ? "size"
        : [Value] extends [Date | number | string]
          ? "time"
          : [Value] extends [readonly string[]]
            ? "texts"
            : [Value] extends [readonly unknown[]]
              ? "list"
              : [Value] extends [object]
                ? "object"
                : never;

/** The kind of each value by its name; TypeScript wants all that the type has. */
export type Kinds<Value> = {
  readonly [Name in keyof Value]-?: Kind<Exclude<Value[Name], undefined>> | Check;
};

/** Those that must be given. */
type Needed<Value> = { [Name in keyof Value]-?: undefined extends Value[Name] ? never : Name }[keyof Value] &
  string;

type AnyKinds = Readonly<Record<string, AnyKind>>;

/** What to write in place of a name that there is not; undefined when that is unknown. */
type Advice = (name: string, given: Readonly<Record<string, unknown>>) => string | undefined;

/**
 * Takes an object of ours. Names whose value is `undefined` are left out.
 * @param example as it is written in code
 * @param needed those that must be there
 */
export function objectOf<Value extends object>(
  argument: string,
  example: string,
  kinds: Kinds<Value>,
  ...needed: readonly Needed<Value>[]
): Check {
  return checkObject(argument, example, kinds, needed);
}

/**
 * Takes the options of a method, which may be left out unless one of them is needed; in their place others give a
 * callback, the signal itself, or a bare value.
 * @param example as it is written in code
 * @param needed those that must be there
 */
export function optionsOf<Options extends CallOptions>(
  example: string,
  kinds: Kinds<Omit<Options, "signal">>,
  ...needed: readonly Needed<Omit<Options, "signal">>[]
): Check {
  const check = checkObject("options", example, { ...(kinds as AnyKinds), signal }, needed); // as its type says
  return needed.length > 0 ? check : optional(check);
}

/**
 * Takes settings of a client.
 * @param example as it is written in code
 * @param advice for names that other clients have
 */
export function settingsOf<Value extends object>(
  argument: string,
  example: string,
  kinds: Kinds<Value>,
  advice: Advice,
): Check {
  return checkObject(argument, example, kinds, [], advice);
}

function checkObject(
  argument: string,
  example: string,
  kinds: AnyKinds,
  needed: readonly string[],
  advice?: Advice,
): Check {
  const checks = new Map(Object.entries(kinds).map(([name, kind]) => [name, checkOf(name, kind)]));
  const isObject = record(argument, example);
  return (value, of) => {
    isObject(value, of);
    const given = value as Readonly<Record<string, unknown>>; // as was checked
    for (const name in given) {
      if (given[name] === undefined) continue;
      const check = checks.get(name);
      if (check === undefined) {
        throw unknownName(argument, name, [...checks.keys()], advice?.(name, given), of);
      }
      check(given[name], of);
    }
    for (const name of needed) if (given[name] === undefined) checks.get(name)?.(undefined, of);
  };
}

const signal: Check = (value, of) => {
  const isSignal =
    value instanceof AbortSignal ||
    // Of another realm, such as jsdom.
    (isRecord(value) && "throwIfAborted" in value && "addEventListener" in value);
  if (!isSignal) throw wrongKind("signal", "an AbortSignal such as AbortSignal.timeout(10_000)", value, of);
};

/** Takes the options that every call has. */
export const callOptions: Check = optionsOf<CallOptions>("{ signal: AbortSignal.timeout(10_000) }", {});

type AnyKind = Check | keyof typeof simple | readonly string[];

const simple = {
  boolean,
  number,
  integer,
  text,
  texts,
  list,
  object: record,
  size: (argument: string): Check => {
    return (value, of) => {
      if (typeof value === "number" || typeof value === "string") return; // read by toBytes
      throw wrongKind(argument, 'a number of bytes or text such as "512m"', value, of);
    };
  },
  time: (argument: string): Check => {
    return (value, of) => {
      const isTime = value instanceof Date || typeof value === "number" || typeof value === "string";
      if (isTime) return; // read by toEngineTime
      throw wrongKind(argument, 'a date, seconds since 1970, or text such as "10m"', value, of);
    };
  },
} satisfies Readonly<Record<string, (argument: string) => Check>>;

function checkOf(name: string, kind: AnyKind): Check {
  if (typeof kind === "function") return kind;
  return typeof kind === "string" ? simple[kind](name) : oneOf(name, kind);
}

function oneOf(argument: string, words: readonly string[]): Check {
  const quoted = words.map((word) => JSON.stringify(word));
  const form = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
  return (value, of) => {
    if (typeof value !== "string") throw wrongKind(argument, form, value, of);
    if (words.includes(value)) return;
    throw new TypeError(`${named(argument, of)} must be ${form}, not ${JSON.stringify(value)}.`);
  };
}

function unknownName(
  argument: string,
  name: string,
  known: readonly string[],
  advice: string | undefined,
  of: string | undefined,
): TypeError {
  const isOptions = argument === "options" && of !== undefined;
  const holder = isOptions ? `${of} has no option` : `${named(argument, of)} has no`;
  const list = `${isOptions ? "its options are" : "it takes"} ${known.join(", ")}.`;
  const meant = nearestName(name, known);
  const hint = meant === undefined ? list : `did you mean "${meant}"?`;
  return new TypeError(
    `${holder} ${JSON.stringify(name)}: ${advice === undefined ? hint : `write ${advice}.`}`,
  );
}
