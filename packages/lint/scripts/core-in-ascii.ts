import type { Rolldown } from "tsdown";

/**
 * Writes what is not ASCII in the core of the command line as escapes, so that it is read without decoding and V8 keeps a
 * byte for each character. Templates with tags would see the escapes; the core has none.
 */
export function coreInAscii(): Rolldown.Plugin {
  return {
    name: "core-in-ascii",
    generateBundle(_, bundle) {
      const core = bundle["core.cjs"];
      if (core?.type !== "chunk") throw new Error("There is no core.");
      if (/\bString\.raw\b/.test(core.code)) throw new Error("The core has a template with a tag.");
      core.code = core.code.replace(/[^\0-\x7f]/g, (character) => {
        return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
      });
    },
  };
}
