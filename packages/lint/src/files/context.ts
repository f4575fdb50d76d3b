/** The build context's folder on disk, as facts for the linter. */
import { lstatSync, readdirSync, readFileSync, statSync, type Stats } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import {
  contextFacts,
  type ContextFacts,
  type ContextSource,
  type FolderListing,
  type IgnoreFile,
} from "../linter/facts/context-facts.ts";
import { FolderNames } from "./folder-names.ts";

/** Files come in the order of their paths, so those of one folder follow one another; a tree may have thousands. */
const KEPT = 100;

/** Contexts by folder and ignore file: many Dockerfiles of one folder share one walk. */
export class ContextFolders {
  readonly #known = new Map<string, ContextFacts>();
  readonly #names = new FolderNames();
  /** Ignore files as they would be, by absolute path: fixes that are only shown. */
  readonly #pretended = new Map<string, string>();

  /**
   * The facts about `folder` for one Dockerfile, or undefined where there is no such folder. An ignore file named after
   * the Dockerfile and beside it wins over `.dockerignore`.
   */
  facts(folder: string, dockerfile: string | undefined): ContextFacts | undefined {
    const root = resolve(folder);
    const ignorePath = this.#ignoreFileOf(root, dockerfile);
    const key = `${root}\0${ignorePath ?? ""}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (statOf(root)?.isDirectory() !== true) return undefined;
    const facts = contextFacts(this.#sourceOf(folder, root, ignorePath));
    this.#known.set(key, facts);
    const [oldest] = this.#known.keys();
    if (this.#known.size > KEPT && oldest !== undefined) this.#known.delete(oldest);
    return facts;
  }

  /** Looks at everything anew: an ignore file has been written. */
  forget(): void {
    this.#known.clear();
    this.#names.forget();
  }

  /** Asks anew what is there by name; what a context holds in all, which takes a walk, stays known. */
  forgetNames(): void {
    this.#names.forget();
  }

  /** Goes on as if an ignore file held a text. */
  pretend(path: string, text: string): void {
    this.#pretended.set(resolve(path), text);
    this.forget();
  }

  #sourceOf(folder: string, root: string, ignorePath: string | undefined): ContextSource {
    return {
      path: folder,
      ignoreFile: ignorePath === undefined ? undefined : this.#readIgnoreFile(root, ignorePath),
      list: (path) => listFolder(join(root, path)),
      exists: (path) => this.#names.exists(join(root, path)),
    };
  }

  #ignoreFileOf(root: string, dockerfile: string | undefined): string | undefined {
    const isThere = (path: string): boolean => this.#pretended.has(path) || isFile(path);
    if (dockerfile !== undefined) {
      const own = `${resolve(dockerfile)}.dockerignore`;
      if (isThere(own)) return own;
    }
    const shared = join(root, ".dockerignore");
    return isThere(shared) ? shared : undefined;
  }

  #readIgnoreFile(root: string, path: string): IgnoreFile | undefined {
    try {
      return {
        path: dirname(path) === root ? basename(path) : relative(root, path),
        text: this.#pretended.get(path) ?? readFileSync(path, "utf8"),
      };
    } catch {
      return undefined; // not readable for us; whether it is for the one who builds is not known
    }
  }
}

function isFile(path: string): boolean {
  return statOf(path)?.isFile() === true;
}

/** Undefined also for what cannot be: a path through a file, links in a circle, a name that is too long. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function listFolder(path: string): readonly FolderListing[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .map((entry): FolderListing => {
        if (entry.isDirectory()) return { name: entry.name, type: "directory", size: 0 };
        if (entry.isSymbolicLink()) return { name: entry.name, type: "link", size: 0 };
        if (!entry.isFile()) return { name: entry.name, type: "other", size: 0 };
        const size = lstatSync(join(path, entry.name), { throwIfNoEntry: false })?.size ?? 0;
        return { name: entry.name, type: "file", size };
      })
      .sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch {
    return []; // a folder that may not be read adds nothing to what is at stake
  }
}
