const units: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/**
 * Bytes from a number of bytes or from text such as `512m` or `1.5GiB`, with the docker CLI's binary units.
 * @throws RangeError when it is neither.
 */
export function toBytes(argument: string, size: number | string): number {
  if (typeof size === "number" && Number.isSafeInteger(size)) return size;
  const match = /^(\d+(?:\.\d+)?)\s*([bkmgt])?(?:i?b)?$/i.exec(String(size));
  if (match === null) {
    throw new RangeError(`Argument "${argument}" must be a number of bytes or like "512m": ${JSON.stringify(size)}`);
  }
  const [, number, unit = "b"] = match;
  return Math.floor(Number(number) * (units[unit.toLowerCase()] ?? 1));
}
