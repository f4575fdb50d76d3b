/** What is worked out about a script once, whoever asks. */
import type { Script } from "./nodes.ts";

// A place for each of the functions. It is copied for each script: an array that grows takes room for many more.
const empty: unknown[] = [];

/** Keeps what a function makes of a script with the script: a table of weak keys would cost the collector more. */
export function oncePerScript<T extends object>(work: (script: Script) => T): (script: Script) => T {
  const place = empty.push(undefined) - 1;
  return (script) => {
    const kept = (script.kept ??= empty.slice());
    kept[place] ??= work(script);
    return kept[place] as T; // nobody else has the place
  };
}
