const NONE: readonly never[] = [];

/** The same list without the room for more that lists keep which grew: an array of one has room for 17. */
export function fitted<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list.slice();
}
