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
  /** Files and folders by path, and why they differ. */
  readonly #certain: Map<string, string>;
  readonly #doubtful: Map<string, string>;
  /** Why any file may differ. */
  #anything: string | undefined;

  constructor(from?: DifferingFiles) {
    this.#certain = new Map(from === undefined ? [] : from.#certain);
    this.#doubtful = new Map(from === undefined ? [] : from.#doubtful);
    this.#anything = from === undefined ? undefined : from.#anything;
  }

  /** The files that differ for certain. */
  get certain(): readonly string[] {
    return [...this.#certain.keys()];
  }

  /** A file differs, or something in a folder does. */
  add(path: string, because: string): void {
    this.#certain.set(trim(path), because);
  }

  /** A file, or something in a folder, may differ. */
  doubtAt(path: string, because: string): void {
    this.#certain.delete(trim(path));
    this.#doubtful.set(trim(path), because);
  }

  /** Any file may differ. */
  doubt(because: string): void {
    this.#anything = because;
  }

  /** What was there is no more, or is again as it was. May hold wildcards. */
  remove(path: string): void {
    const gone = trim(path);
    for (const paths of [this.#certain, this.#doubtful]) {
      for (const one of paths.keys()) if (hitOf(gone, one) !== undefined) paths.delete(one);
    }
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
    for (const [path, because] of this.#doubtful) if (touches(from, path)) verdict = maybe(because);
    for (const [path, because] of this.#certain) {
      const hit = hitOf(from, path);
      if (hit !== undefined) {
        if (hits.length === 0) verdict = runs(because);
        hits.push(hit);
      } else if (verdict.state === "cached" && touches(from, path)) {
        verdict = maybe(because); // a folder whose files are not known one by one
      }
    }
    return { verdict, hits };
  }
}

/** Whether a path is taken by a source, or holds what it takes. */
function touches(source: string, path: string): boolean {
  return path === "" || source.startsWith(`${path}/`) || hitOf(source, path) !== undefined;
}

function trim(path: string): string {
  return path.replace(/^\/+/, "").replace(/\/+$/, "");
}
