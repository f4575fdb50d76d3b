import type { QueryRow } from "../generated/operations.ts";

/** A value of a query parameter before it is encoded. `undefined` leaves the parameter out. */
export type QueryValue =
  | string
  | number
  | boolean
  | readonly string[]
  | readonly number[]
  | Readonly<Record<string, unknown>>
  | readonly Readonly<Record<string, unknown>>[]
  | undefined;

/**
 * Fills a path template such as `/containers/{id}/json`. Every value is percent-encoded, and one that could lead
 * to another endpoint is refused: the engine resolves `..` and empty segments before it routes.
 */
export function expandPath(
  template: string,
  values: Readonly<Record<string, string | number | undefined>>,
): string {
  let path = "";
  for (const part of partsOf(template)) {
    path += typeof part === "string" ? part : encodeSegments(part.name, values[part.name]);
  }
  return path;
}

/** Text, and names of arguments. */
type TemplatePart = string | { readonly name: string };

const templates = new Map<string, readonly TemplatePart[]>();

function partsOf(template: string): readonly TemplatePart[] {
  let parts = templates.get(template);
  if (parts === undefined) {
    const pieces = template.split(/\{(\w+)\}/);
    parts = pieces.map((piece, index) => (index % 2 === 0 ? piece : { name: piece }));
    templates.set(template, parts); // as many as there are operations
  }
  return parts;
}

/** Names and ids, which are encoded as they are. A dot at the start may be a path of its own. */
const plain = /^[\w-][\w.-]*$/;

function encodeSegments(name: string, value: string | number | null | undefined): string {
  if (value === undefined || value === null) throw new TypeError(`Argument "${name}" is missing.`);
  const text = String(value);
  if (plain.test(text)) return text;
  const segments = text.split("/");
  if (segments.some((segment) => segment === "" || segment === "." || segment === "..")) {
    throw new TypeError(
      `Argument "${name}" must not be empty, nor have ".", ".." or an empty part between slashes: ${JSON.stringify(text)}`,
    );
  }
  try {
    return segments.map((segment) => encodeURIComponent(segment)).join("/");
  } catch (cause) {
    throw new TypeError(`Argument "${name}" is no Unicode text: ${JSON.stringify(text)}`, { cause });
  }
}

/** The query string with its `?`, or nothing. Names are taken from the table; others are a programming error. */
export function encodeQuery(
  operation: string,
  parameters: Readonly<Record<string, QueryRow>>,
  values: Readonly<Record<string, QueryValue>>,
): string {
  let query: URLSearchParams | undefined;
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined) throw new TypeError(`${operation} has no query parameter "${name}".`);
    const write = parameter.encode?.endsWith("json") === true ? toJson : toText;
    const values = Array.isArray(value) && parameter.encode !== "json" ? value : [value];
    query ??= new URLSearchParams();
    for (const element of values) query.append(name, write(element, name));
  }
  const text = query?.toString() ?? "";
  return text === "" ? "" : `?${text}`;
}

function toText(value: unknown, name: string): string {
  return String(finite(name, value));
}

function toJson(value: unknown): string {
  return typeof value === "string" ? value : toJsonText(value);
}

/** What goes as JSON. In JSON what is no number becomes `null`, by which the engine would lift a limit in silence. */
export function toJsonText(value: unknown): string {
  return JSON.stringify(value, finite);
}

function finite(name: string, value: unknown): unknown {
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  throw new RangeError(`Argument "${name}" must be a finite number: ${value}`);
}
