/**
 * Counts what built-in functions visit inside, which coverage does not see: `list.indexOf(x)` is one call, and the whole
 * list. While it counts, the functions of arrays, texts, sets, maps, objects and regular expressions are replaced by ones
 * that count and then do what they did.
 *
 * Not seen: `{ ...object }`, how often a regular expression goes back, and the joining of texts by `+`.
 */

/** Shorter visits are left out: they are as good as the call, which coverage counts. */
const SHORT = 32;
/** So many characters are passed in the time of one element. */
const CHARACTERS = 8;

type Native = (this: unknown, ...args: unknown[]) => unknown;
/** How much a call visited. */
type Visited = (self: unknown, result: unknown, args: readonly unknown[]) => number;

/** Runs something and tells the places that called built-in functions, with how much those visited. */
export function countNativeWork(work: () => void, scripts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const stackTraceLimit = Error.stackTraceLimit;
  const prepareStackTrace = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Error.stackTraceLimit = 12;
  Error.prepareStackTrace = (_error, sites) => sites;
  let isCounting = true;
  const restore = install((name, visited) => {
    if (!isCounting) return;
    isCounting = false; // what is called here is none of the work
    const key = `${name} in ${placeAmong(scripts)}`;
    counts.set(key, (counts.get(key) ?? 0) + Math.ceil(visited));
    isCounting = true;
  });
  try {
    work();
  } finally {
    restore();
    if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Object.defineProperty(Error, "prepareStackTrace", prepareStackTrace);
    Error.stackTraceLimit = stackTraceLimit;
  }
  return counts;
}

/** The innermost function of some scripts that is being run. */
function placeAmong(scripts: readonly string[]): string {
  const holder: { stack?: unknown } = {};
  Error.captureStackTrace(holder, placeAmong);
  // What `prepareStackTrace` above makes of it.
  const sites = holder.stack as readonly NodeJS.CallSite[];
  const site = sites.find((one) => scripts.some((part) => one.getFileName()?.includes(part)));
  if (site === undefined) return "other scripts";
  const file = site.getFileName()?.split("/").at(-1);
  return `${file} ${site.getFunctionName() ?? ""} line ${site.getLineNumber()}`;
}

type Add = (name: string, visited: number) => void;

/** Replaces the functions; what it returns puts them back. */
function install(add: Add): () => void {
  const replaced: (() => void)[] = [];
  const put = (owner: object, key: PropertyKey, value: Native): void => {
    const own = Object.getOwnPropertyDescriptor(owner, key);
    if (own === undefined) throw new Error(`There is no built-in ${String(key)} to count.`);
    replaced.push(() => {
      Object.defineProperty(owner, key, own);
    });
    Object.defineProperty(owner, key, { ...own, value });
  };
  const natives = Object.entries(COUNTED).map(
    ([name, visited]) => [name, visited, ownerOf(name), name.slice(name.lastIndexOf(".") + 1)] as const,
  );
  for (const [name, visited, owner, key] of natives) {
    const native = Reflect.get(owner, key) as Native;
    put(owner, key, function counted(this: unknown, ...args: unknown[]): unknown {
      const result = Reflect.apply(native, this, args);
      const count = visited(this, result, args);
      if (count > SHORT) add(name, count);
      return result;
    });
  }
  const exec = Reflect.get(RegExp.prototype, "exec") as Native;
  // `test`, `replace`, `split` and `matchAll` call it once it is replaced.
  put(RegExp.prototype, "exec", function counted(this: unknown, ...args: unknown[]): unknown {
    const expression = this as RegExp;
    const { lastIndex } = expression;
    const found = Reflect.apply(exec, expression, args) as RegExpExecArray | null;
    const count = searched(expression, args[0], lastIndex, found) / CHARACTERS;
    if (count > SHORT) add("RegExp.prototype.exec", count);
    return found;
  });
  for (const [owner, keys] of ITERATED) {
    for (const key of keys) {
      const native = Reflect.get(owner, key) as Native;
      const name = `${owner.constructor.name}.${typeof key === "symbol" ? "iterator" : key}`;
      put(owner, key, function counted(this: unknown, ...args: unknown[]): unknown {
        const iterator = Reflect.apply(native, this, args) as IterableIterator<unknown>;
        return sizeOf(this) > SHORT ? countedIterator(iterator, (count) => add(name, count)) : iterator;
      });
    }
  }
  return () => {
    for (let index = 0; index < replaced.length; index += 1) replaced[index]?.();
  };
}

/** What is seen of spreading, of `for … of` and of `new Set(list)`: how far each went, told when it ends. */
function countedIterator(
  iterator: IterableIterator<unknown>,
  tell: (count: number) => void,
): IterableIterator<unknown> {
  let count = 0;
  const end = (): void => {
    if (count > SHORT) tell(count);
    count = 0;
  };
  return {
    next(): IteratorResult<unknown> {
      const next = iterator.next();
      if (next.done === true) end();
      else count += 1;
      return next;
    },
    return(value: unknown): IteratorResult<unknown> {
      end();
      return { done: true, value };
    },
    [Symbol.iterator]() {
      return this;
    },
  };
}

/** How much of a text a regular expression passed. What has to stand at one place is looked for there alone. */
function searched(
  { global, sticky, multiline, source }: RegExp,
  text: unknown,
  lastIndex: number,
  found: RegExpExecArray | null,
): number {
  const start = global || sticky ? lastIndex : 0;
  if (found !== null) return found.index + found[0].length - start;
  return sticky || (source[0] === "^" && !multiline) ? 0 : sizeOf(text) - start;
}

function ownerOf(name: string): object {
  // `Array.prototype.indexOf` and `Object.keys`: a global and what it has.
  const [first = "", second] = name.split(".");
  const global = Reflect.get(globalThis, first) as object;
  return second === "prototype" ? (Reflect.get(global, second) as object) : global;
}

/** The length of a list or text, the size of a set or map. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value)) return value.length;
  return value instanceof Set || value instanceof Map ? value.size : 0;
}

// As they are before any is replaced.
const indexInList = Reflect.get(Array.prototype, "indexOf") as Native;
const indexInText = Reflect.get(String.prototype, "indexOf") as Native;

const whole: Visited = (self) => sizeOf(self);
const made: Visited = (_self, result) => sizeOf(result);
const wholeText: Visited = (self) => sizeOf(self) / CHARACTERS;
const madeText: Visited = (_self, result) => sizeOf(result) / CHARACTERS;
const upToFound: Visited = (self, result, args) => {
  const from = typeof args[1] === "number" ? args[1] : 0;
  return (typeof result === "number" && result >= 0 ? result + 1 : sizeOf(self)) - from;
};
const downToFound: Visited = (self, result) => sizeOf(self) - (typeof result === "number" ? result : 0);
const inText =
  (visited: Visited): Visited =>
  (self, result, args) =>
    visited(self, result, args) / CHARACTERS;
/** Where a text is found is not told, only whether: what is found late is taken for found at the end. */
const upToIncluded: Visited = (self, result, args) =>
  result === true && typeof args[0] === "string"
    ? (Number(Reflect.apply(indexInText, self, args)) + 1) / CHARACTERS
    : wholeText(self, result, args);

const COUNTED: Readonly<Record<string, Visited>> = {
  "Array.prototype.indexOf": upToFound,
  "Array.prototype.lastIndexOf": downToFound,
  "Array.prototype.includes": (self, result, args) =>
    result === true && Array.isArray(self)
      ? Number(Reflect.apply(indexInList, self, args)) + 1
      : sizeOf(self),
  "Array.prototype.slice": made,
  "Array.prototype.concat": made,
  "Array.prototype.flat": made,
  "Array.prototype.join": whole,
  "Array.prototype.shift": whole,
  "Array.prototype.unshift": whole,
  "Array.prototype.splice": (self, _result, args) =>
    sizeOf(self) - (typeof args[0] === "number" && args[0] >= 0 ? args[0] : 0),
  "Array.prototype.reverse": whole,
  "Array.prototype.sort": whole,
  "Array.prototype.fill": whole,
  "Array.prototype.copyWithin": whole,
  "Array.prototype.toReversed": made,
  "Array.prototype.toSorted": made,
  "Array.prototype.toSpliced": made,
  "Array.prototype.with": made,
  "Array.from": made,
  "Array.of": made,
  "Object.keys": made,
  "Object.values": made,
  "Object.entries": made,
  "String.prototype.indexOf": inText(upToFound),
  "String.prototype.lastIndexOf": inText(downToFound),
  "String.prototype.includes": upToIncluded,
  "String.prototype.split": wholeText,
  "String.prototype.replace": madeText,
  "String.prototype.replaceAll": madeText,
  "String.prototype.toLowerCase": wholeText,
  "String.prototype.toUpperCase": wholeText,
  "String.prototype.normalize": wholeText,
  "String.prototype.repeat": madeText,
  "String.prototype.padStart": madeText,
  "String.prototype.padEnd": madeText,
};

const ITERATED: readonly (readonly [object, readonly (string | symbol)[]])[] = [
  [Array.prototype, [Symbol.iterator, "values", "keys", "entries"]],
  [Set.prototype, [Symbol.iterator, "values", "entries"]],
  [Map.prototype, [Symbol.iterator, "values", "keys", "entries"]],
];
