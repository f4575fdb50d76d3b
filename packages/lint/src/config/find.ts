/** Where the configuration of a file lies: the nearest one upward. */
import { existsSync, lstatSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The names of our configuration files; the first wins in a folder that has both. */
export const CONFIG_NAMES = [".dflint.yaml", ".dflint.yml"] as const;

/** The names of hadolint's. */
export const HADOLINT_CONFIG_NAMES = [".hadolint.yaml", ".hadolint.yml"] as const;

/** Looks for configuration files, and remembers every folder it has looked into. */
export class ConfigFinder {
  readonly #names: readonly string[];
  readonly #known = new Map<string, string | undefined>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** The nearest file in `folder` or above it, up to the root of the repository; undefined where there is none. */
  find(folder: string): string | undefined {
    const start = resolve(folder);
    const passed: string[] = [];
    let found: string | undefined;
    for (let next = start; ; next = dirname(next)) {
      if (this.#known.has(next)) {
        found = this.#known.get(next);
        break;
      }
      passed.push(next);
      found = this.#names.map((name) => join(next, name)).find(isThere);
      if (found !== undefined || existsSync(join(next, ".git")) || dirname(next) === next) break;
    }
    for (const path of passed) this.#known.set(path, found);
    return found;
  }
}

/** Any entry counts, a dangling link or a folder too: it is to be told, not passed over. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
