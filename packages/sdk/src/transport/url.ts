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

/** How a query parameter is written: as it is, as JSON, or once per element. */
export interface QueryParameter {
  readonly encode?: "json" | "repeat";
}

/**
 * Fills a path template such as `/containers/{id}/json`. Every value is percent-encoded, and one that could lead
 * to another endpoint is refused: the engine resolves `..` and empty segments before it routes.
 */
export function expandPath(
  template: string,
  values: Readonly<Record<string, string | number | undefined>>,
): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeSegments(name, values[name]));
}

function encodeSegments(name: string, value: string | number | undefined): string {
  if (value === undefined) throw new TypeError(`Argument "${name}" is missing.`);
  const text = String(value);
  const segments = text.split("/");
  if (segments.some((segment) => segment === "" || segment === "." || segment === "..")) {
    throw new TypeError(
      `Argument "${name}" must not be empty, nor have ".", ".." or an empty part between slashes: ${JSON.stringify(text)}`,
    );
  }
  return segments.map((segment) => encodeURIComponent(segment)).join("/");
}

/** The query string with its `?`, or nothing. Names are taken from the table; others are a programming error. */
export function encodeQuery(
  operation: string,
  parameters: Readonly<Record<string, QueryParameter>>,
  values: Readonly<Record<string, QueryValue>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const parameter = parameters[name];
    if (parameter === undefined) throw new TypeError(`${operation} has no query parameter "${name}".`);
    if (parameter.encode === "json") {
      query.append(name, typeof value === "string" ? value : JSON.stringify(value));
    } else if (Array.isArray(value)) {
      for (const element of value) query.append(name, String(element));
    } else {
      query.append(name, String(value));
    }
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
