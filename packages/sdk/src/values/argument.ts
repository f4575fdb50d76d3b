/** Checks of an argument's kind, for callers in plain JavaScript. What a right kind holds is read elsewhere. */

/** Looks at one argument or option. @throws TypeError that names it and the form it takes */
export type Check = (value: unknown) => void;

/** The error of an argument of a wrong kind. What it holds is not told: it may be a secret. */
export function wrongKind(argument: string, form: string, value: unknown): TypeError {
  return new TypeError(`Argument "${argument}" must be ${form}, not ${kindOf(value)}.`);
}

/** What may be left out; `null` does not stand for that. */
export function optional(check: Check): Check {
  return (value) => {
    if (value !== undefined) check(value);
  };
}

/** Takes text. @param example as it is written in code */
export function text(argument: string, example: string): Check {
  return (value) => {
    if (typeof value !== "string") throw wrongKind(argument, `text such as ${example}`, value);
  };
}

/** Takes a list, whatever is in it. @param example as it is written in code */
export function list(argument: string, example: string): Check {
  return (value) => {
    if (!Array.isArray(value)) throw wrongKind(argument, `a list such as ${example}`, value);
  };
}

/** Takes a list of texts. @param example as it is written in code */
export function texts(argument: string, example: string): Check {
  return (value) => {
    const form = `a list of texts such as ${example}`;
    if (!Array.isArray(value)) throw wrongKind(argument, form, value);
    const index = value.findIndex((element) => typeof element !== "string");
    if (index !== -1) throw wrongKind(`${argument}[${index}]`, "text", value[index]);
  };
}

/** Takes a number. @param example as it is written in code */
export function number(argument: string, example: string): Check {
  return (value) => {
    if (typeof value !== "number") throw wrongKind(argument, `a number such as ${example}`, value);
  };
}

/**
 * Takes an object with named values.
 * @param example as it is written in code
 * @param fields those that are looked at, too
 */
export function record(
  argument: string,
  example: string,
  fields: Readonly<Record<string, Check>> = {},
): Check {
  return (value) => {
    if (kindOf(value) !== "an object") throw wrongKind(argument, `an object such as ${example}`, value);
    const given = value as Readonly<Record<string, unknown>>; // kindOf has said so
    for (const [name, check] of Object.entries(fields)) check(given[name]);
  };
}

/** Takes bytes or a stream of them. @param example as it is written in code */
export function bytes(argument: string, example: string): Check {
  return (value) => {
    const isStream = typeof value === "object" && value !== null && Symbol.asyncIterator in value;
    if (isStream || value instanceof Uint8Array) return;
    throw wrongKind(argument, `bytes or a stream of them, such as ${example}`, value);
  };
}

/**
 * Takes options that may be left out; in their place others give a callback, the signal itself, or a bare value.
 * @param example as it is written in code
 */
export function optionsLike(example: string): Check {
  return optional(record("options", example));
}

/** Takes the options that every call has. */
export const options: Check = optionsLike("{ signal: AbortSignal.timeout(10_000) }");

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return "a list";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof AbortSignal) return "an AbortSignal";
  if (typeof value === "string") return "text";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
