/** Checks of objects whose names are the caller's, such as labels, and of those that are one of several forms. */
import { isRecord, named, optional, record, text, wrongKind, type Check } from "./argument.ts";

/**
 * Takes an object each of whose values passes a check that is made for its name; `optional` where one that is
 * `undefined` is left out.
 * @param example as it is written in code
 */
export function eachOf(argument: string, example: string, value: (name: string) => Check): Check {
  const isObject = record(argument, example);
  return (given, of) => {
    isObject(given, of);
    for (const [name, one] of Object.entries(given as Readonly<Record<string, unknown>>)) {
      value(`${argument}.${name}`)(one, of);
    }
  };
}

/** Takes an object of texts, some of which may be `undefined`: JSON leaves those out. Engines refuse other values, or make text of them, by version. */
export function namedTexts(argument: string, example: string): Check {
  return eachOf(argument, example, (name) => optional(text(name)));
}

/**
 * Takes an object with one of some names, and with no other, be its value `undefined`: which form it is, is read from
 * the names alone.
 * @param form as messages say it, e.g. `{ file } or { env }`
 */
export function oneOfNames(argument: string, form: string, checks: Readonly<Record<string, Check>>): Check {
  return (value, of) => {
    if (!isRecord(value)) throw wrongKind(argument, form, value, of);
    const given = Object.entries(value);
    const [[name, one] = ["", undefined], ...others] = given;
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined || others.length > 0) {
      const names = given.map(([each]) => each).join(", ");
      throw new TypeError(
        `${named(argument, of)} must be ${form}, not ${names === "" ? "{}" : `{ ${names} }`}.`,
      );
    }
    check(one, of);
  };
}
