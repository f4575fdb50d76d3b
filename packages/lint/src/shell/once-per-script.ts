/** What is worked out about a script once, whoever asks. */
import type { Script } from "./nodes.ts";

let slots = 0;

/** Keeps what a function makes of a script with the script: a table of weak keys would cost the collector more. */
export function oncePerScript<T extends object>(work: (script: Script) => T): (script: Script) => T {
  const slot = slots++;
  return (script) => {
    const { kept } = script;
    kept[slot] ??= work(script);
    return kept[slot] as T; // nobody else has the slot
  };
}
