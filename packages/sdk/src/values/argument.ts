/** Checks of an argument's kind, for callers in plain JavaScript. What a right kind holds is read elsewhere. */

/**
 * Looks at one argument or option.
 * @param of what takes it, for the message, e.g. `container.stop()`
 * @throws TypeError that names it and the form it takes; RangeError for a number that is none, e.g. `NaN`
 */
export type Check = (value: unknown, of?: string) => void;

/** The error of an argument of a wrong kind. What it holds is not told: it may be a secret. */
export function wrongKind(argument: string, form: string, value: unknown, of?: string): TypeError {
  return new TypeError(`${named(argument, of)} must be ${form}, not ${kindOf(value)}.`);
}

/** An argument as messages begin with it. */
export function named(argument: string, of: string | undefined): string {
  return `Argument "${argument}"${of === undefined ? "" : ` of ${of}`}`;
}

/** What may be left out; `null` does not stand for that. */
export function optional(check: Check): Check {
  return (value, of) => {
    if (value !== undefined) check(value, of);
  };
}

/** Takes text. @param example as it is written in code */
export function text(argument: string, example?: string): Check {
  return (value, of) => {
    if (typeof value !== "string") throw wrongKind(argument, `text${suchAs(example)}`, value, of);
  };
}

/** Takes a list, each of whose elements passes a check that is made for its name. @param example as it is written in code */
export function list(argument: string, example?: string, element?: (name: string) => Check): Check {
  return (value, of) => {
    if (!Array.isArray(value)) throw wrongKind(argument, `a list${suchAs(example)}`, value, of);
    if (element === undefined) return;
    for (const [index, one] of value.entries()) element(`${argument}[${index}]`)(one, of);
  };
}

/** Takes a list of texts. @param example as it is written in code */
export function texts(argument: string, example?: string): Check {
  return (value, of) => {
    const form = `a list of texts${suchAs(example)}`;
    if (!Array.isArray(value)) throw wrongKind(argument, form, value, of);
    const index = value.findIndex((element) => typeof element !== "string");
    if (index !== -1) throw wrongKind(`${argument}[${index}]`, "text", value[index], of);
  };
}

/** Takes `true` and `false`; text such as `"false"` would count as true. */
export function boolean(argument: string): Check {
  return (value, of) => {
    if (typeof value !== "boolean") throw wrongKind(argument, "true or false", value, of);
  };
}

/** Takes a number. */
export function number(argument: string): Check {
  return (value, of) => checkNumber(argument, "a number", Number.isFinite, value, of);
}

/** Takes a whole number; engines read another in part, or as none. @param example as it is written in code */
export function integer(argument: string, example?: string): Check {
  const form = `a whole number${suchAs(example)}`;
  return (value, of) => checkNumber(argument, form, Number.isSafeInteger, value, of);
}

function checkNumber(
  argument: string,
  form: string,
  isRight: (value: number) => boolean,
  value: unknown,
  of: string | undefined,
): void {
  if (typeof value !== "number") throw wrongKind(argument, form, value, of);
  // In JSON `NaN` is `null`, by which the engine would lift a limit in silence.
  if (!isRight(value)) throw new RangeError(`${named(argument, of)} must be ${form}: ${value}`);
}

/** Takes an object with named values, whichever they are. @param example as it is written in code */
export function record(argument: string, example?: string): Check {
  return (value, of) => {
    if (!isRecord(value)) throw wrongKind(argument, `an object${suchAs(example)}`, value, of);
  };
}

/** Takes bytes or a stream of them. @param example as it is written in code */
export function bytes(argument: string, example: string): Check {
  return (value, of) => {
    const isStream = typeof value === "object" && value !== null && Symbol.asyncIterator in value;
    if (isStream || value instanceof Uint8Array) return;
    throw wrongKind(argument, `bytes or a stream of them, such as ${example}`, value, of);
  };
}

/** Takes text or bytes. @param form what is in them, e.g. `in PEM` */
export function textOrBytes(argument: string, form?: string): Check {
  const expected = form === undefined ? "text or bytes" : `text or bytes ${form}`;
  return (value, of) => {
    if (typeof value === "string" || value instanceof Uint8Array) return;
    throw wrongKind(argument, expected, value, of);
  };
}

/** Takes text, bytes, or a stream of them. @param example as it is written in code */
export function bytesOrText(argument: string, example: string): Check {
  const check = bytes(argument, example);
  return (value, of) => {
    if (typeof value !== "string") check(value, of);
  };
}

/** Takes a text or a list of them. @param example as it is written in code */
export function textOrTexts(argument: string, example: string): Check {
  const check = texts(argument, example);
  return (value, of) => {
    if (typeof value !== "string") check(value, of);
  };
}

/** Takes a function. @param example as it is written in code */
export function callback(argument: string, example: string): Check {
  return (value, of) => {
    if (typeof value !== "function") throw wrongKind(argument, `a function${suchAs(example)}`, value, of);
  };
}

/** Whether it is an object with named values, and not a list, a map, bytes, or a signal that was taken for options. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return kindOf(value) === "an object";
}

function suchAs(example: string | undefined): string {
  return example === undefined ? "" : ` such as ${example}`;
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return "a list";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof AbortSignal) return "an AbortSignal";
  if (typeof value === "string") return "text";
  if (typeof value !== "object") return `a ${typeof value}`;
  // A Map, a Set, URLSearchParams …: what they hold is under no names, and would be left out.
  if (Symbol.iterator in value)
    return `a ${Object.prototype.toString.call(value).slice("[object ".length, -1)}`;
  return "an object";
}
