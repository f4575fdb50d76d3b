/** A moment: a date, seconds since 1970, or what the engine takes (RFC 3339, or `10m` for ten minutes ago). */
export type Time = Date | number | string;

/**
 * The engine's form: seconds with a fraction. Text goes as it is, except durations, which the engine wants from
 * its own clock and the docker CLI reckons on its side.
 * @throws RangeError for an invalid date.
 */
export function toEngineTime(argument: string, time: Time | undefined): string | undefined {
  if (time === undefined) return undefined;
  if (typeof time === "string") return durationAgo(time) ?? rfc3339(time) ?? time;
  const milliseconds = time instanceof Date ? time.getTime() : time * 1000;
  if (!Number.isFinite(milliseconds)) throw new RangeError(`Argument "${argument}" is not a valid time.`);
  return seconds(milliseconds);
}

const durationForm = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/;

function durationAgo(text: string): string | undefined {
  const match = durationForm.exec(text);
  if (text === "" || match === null) return undefined;
  const [, hours = "0", minutes = "0", secs = "0"] = match;
  return seconds(Date.now() - (Number(hours) * 3600 + Number(minutes) * 60 + Number(secs)) * 1000);
}

// The engine itself reads numbers only; nanoseconds are kept as they are written.
function rfc3339(text: string): string | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (match === null) return undefined;
  const [, date = "", fraction = "", zone = ""] = match;
  return `${Math.floor(Date.parse(`${date}${zone}`) / 1000)}${fraction}`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
