const UNITS: ReadonlyMap<string, number> = new Map([
  ["ns", 1],
  ["us", 1e3],
  ["µs", 1e3],
  ["μs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
  ["m", 60e9],
  ["h", 3600e9],
]);
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** A duration as Go writes it, such as `1m30s`, in nanoseconds; undefined if it is none. */
export function duration(text: string): number | undefined {
  const sign = text.startsWith("-") ? -1 : 1;
  const start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
  if (text.slice(start) === "0") return 0;
  let total = 0;
  PART.lastIndex = start;
  let at = start;
  for (let part = PART.exec(text); part; part = PART.exec(text)) {
    total += Number(part[1]) * (UNITS.get(part[2] ?? "") ?? 0);
    at = PART.lastIndex;
  }
  return at === text.length && at > start ? sign * total : undefined;
}
