const powers: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4, p: 5 };
const form = /^(\d+(?:\.\d+)?)\s*(?:([kmgtp])(?:i?b)?|b)?$/i;

/**
 * Bytes from a number of bytes, or from text such as `512m` or `1.5GiB` with the docker CLI's binary units.
 * @throws RangeError when it is neither.
 */
export function toBytes(argument: string, size: number | string): number {
  const bytes = typeof size === "number" ? size : parseSize(size);
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw new RangeError(
    `Argument "${argument}" must be a number of bytes or like "512m": ${typeof size === "number" ? size : JSON.stringify(size)}`,
  );
}

function parseSize(text: string): number {
  const [, number, unit = ""] = form.exec(text) ?? [];
  return Math.floor(Number(number) * 1024 ** (powers[unit.toLowerCase()] ?? 0));
}
