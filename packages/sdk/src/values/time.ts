/**
 * A moment: a date; seconds since 1970, as a number or text; RFC 3339, where what is left out is midnight and this
 * machine's time zone; or how long ago, e.g. `10m` or `1h30m`.
 */
export type Time = Date | number | string;

/**
 * The engine's form: seconds since 1970 with a fraction. Nanoseconds are kept as they are written.
 * @throws RangeError for anything else, with the argument's name.
 */
export function toEngineTime(argument: string, time: Time | undefined): string | undefined {
  if (time === undefined) return undefined;
  const text =
    typeof time === "string"
      ? fromText(time)
      : fromMilliseconds(Number(time) * (typeof time === "number" ? 1000 : 1));
  if (text !== undefined) return text;
  throw new RangeError(
    `Argument "${argument}" must be a valid date, seconds since 1970, RFC 3339, or like "10m": ${JSON.stringify(time)}`,
  );
}

function fromText(text: string): string | undefined {
  if (/^\d+(\.\d{1,9})?$/.test(text)) return text;
  return durationAgo(text) ?? rfc3339(text);
}

// In milliseconds, by the units of Go's time.ParseDuration, which the docker CLI takes.
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

// The engine wants moments of its own clock; like the docker CLI we reckon with ours.
function durationAgo(text: string): string | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let milliseconds = 0;
  for (const [, number, unit = ""] of text.matchAll(/([\d.]+)([a-zµ]+)/g)) {
    milliseconds += Number(number) * (units[unit] ?? 0);
  }
  return fromMilliseconds(Date.now() - milliseconds);
}

const rfc3339Form = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(\.\d{1,9})?)?)?(Z|[+-]\d\d:\d\d)?$/i;

function rfc3339(text: string): string | undefined {
  const match = rfc3339Form.exec(text);
  if (match === null) return undefined;
  const [, date = "", minutes = "00:00", seconds = "00", fraction = "", zone = ""] = match;
  const whole = Date.parse(`${date}T${minutes}:${seconds}${zone.toUpperCase()}`) / 1000;
  return Number.isNaN(whole) ? undefined : `${whole}${fraction}`;
}

function fromMilliseconds(milliseconds: number): string | undefined {
  return Number.isFinite(milliseconds) ? (milliseconds / 1000).toFixed(3) : undefined;
}
