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
