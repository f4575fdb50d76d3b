/** Which files of a stage differ from those of the last build. */
import { hitOf, type Hit } from "./source-pattern.ts";
import { CACHED, maybe, runs, type Verdict } from "./verdict.ts";

/** What is known of a part of the files. */
export interface Look {
  readonly verdict: Verdict;
  /** The files that differ for certain, and how the source takes them. */
  readonly hits: readonly Hit[];
}

/** Paths are absolute, as they are in the image. */
export class DifferingFiles {
  readonly #certain: Map<string, string>;
  #anything: string | undefined;

  constructor(from?: DifferingFiles) {
    this.#certain = new Map(from === undefined ? [] : from.#certain);
    this.#anything = from === undefined ? undefined : from.#anything;
  }

  /** The files that differ for certain. */
  get certain(): readonly string[] {
    return [...this.#certain.keys()];
  }

  /** A file differs, or all that is below a folder does. */
  add(path: string, because: string): void {
    this.#certain.set(trim(path), because);
  }

  /** A file is again as it was. */
  forget(path: string): void {
    this.#certain.delete(trim(path));
  }

  /** Something may have written or deleted any file. */
  doubt(because: string): void {
    this.#anything = because;
  }

  /** Nothing is certain any more: something deletes files. */
  forgetAll(): void {
    this.#certain.clear();
  }

  /** What of the files that a source names differs. */
  look(source: string): Look {
    const from = trim(source);
    const hits: Hit[] = [];
    let verdict = this.#anything === undefined ? CACHED : maybe(this.#anything);
    for (const [path, because] of this.#certain) {
      const hit = hitOf(from, path);
      if (hit !== undefined) {
        if (hits.length === 0) verdict = runs(because);
        hits.push(hit);
      } else if (verdict.state === "cached" && (path === "" || from.startsWith(`${path}/`))) {
        verdict = maybe(because); // a folder whose files are not known one by one
      }
    }
    return { verdict, hits };
  }
}

function trim(path: string): string {
  return path.replace(/^\/+/, "").replace(/\/+$/, "");
}
