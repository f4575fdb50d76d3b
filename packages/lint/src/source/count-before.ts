/**
 * How many items stand before a place in a sorted list: those that meet a condition, which none behind them does. Found by
 * halving, since a file may hold very many of anything. It is also the index of the first item behind the place.
 */
export function countBefore<Item>(items: readonly Item[], isBefore: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    // Always within the list.
    if (isBefore(items[middle] as Item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last item before a place in a sorted list: of those that meet a condition, which none behind them does. */
export function lastBefore<Item>(
  items: readonly Item[],
  isBefore: (item: Item) => boolean,
): Item | undefined {
  const count = countBefore(items, isBefore);
  // Not `items[-1]`, which V8 looks for like any name that an array does not have: slowly.
  return count === 0 ? undefined : items[count - 1];
}
