/** Sizes as configurations have them. */

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  kib: 1024,
  m: 1e6,
  mb: 1e6,
  mib: 1024 ** 2,
  g: 1e9,
  gb: 1e9,
  gib: 1024 ** 3,
};

/** The bytes of `20MB` (decimal), `20MiB` (binary) or `20000000`; undefined where it is none of them. */
export function parseSize(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const key = unit.toLowerCase();
  const factor = Object.hasOwn(UNITS, key) ? UNITS[key] : undefined;
  return number === undefined || factor === undefined ? undefined : Math.floor(Number(number) * factor);
}
