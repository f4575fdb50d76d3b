/** Lists in options, which may also be written as their only value. */

/** `Array.isArray` for lists that nobody changes; that one does not tell them from other types. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** One value or several, as several. */
export function toList<Value>(value: Value | readonly Value[] | undefined): readonly Value[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}
