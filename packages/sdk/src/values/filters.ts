/** Filters of list and prune calls, as the engine's API has them: each key to the values that may match. */
export type Filters = Readonly<Record<string, readonly string[]>>;

/** Filters as people write them; a single value needs no list. `{ label: "a=b", dangling: true }` */
export type FilterOptions = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** The wire form of filters. */
export function toFilters(options: FilterOptions): Filters {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, typeof value === "object" ? value : [String(value)]]),
  );
}
