/** What there is by name, asked of the file system as seldom as can be. */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname } from "node:path";

/** Questions about a folder after which it is listed: one listing answers all that follow. */
const MANY = 4;

/** Folders that are remembered; files come in the order of their paths, so those of one folder follow one another. */
const KEPT = 100;

interface Folder {
  asked: number;
  /** Names, and whether each is a link; undefined as long as it is not listed, or where it cannot be. */
  names: ReadonlyMap<string, boolean> | undefined;
}

/** Remembers what folders hold. */
export class FolderNames {
  readonly #folders = new Map<string, Folder>();

  /** Whether there is something at an absolute path, as `existsSync` tells it: what a link points at counts. */
  exists(path: string): boolean {
    const name = basename(path);
    // A root has no name, and what ends in a slash has to be a folder.
    if (name === "" || path.endsWith("/")) return existsSync(path);
    const folder = this.#folderOf(dirname(path));
    folder.asked += 1;
    if (folder.asked === MANY) folder.names = namesIn(dirname(path));
    const isLink = folder.names?.get(name);
    return folder.names === undefined || isLink === true ? existsSync(path) : isLink !== undefined;
  }

  /** Looks at everything anew. */
  forget(): void {
    this.#folders.clear();
  }

  #folderOf(path: string): Folder {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const folder: Folder = { asked: 0, names: undefined };
    this.#folders.set(path, folder);
    const [oldest] = this.#folders.keys();
    if (this.#folders.size > KEPT && oldest !== undefined) this.#folders.delete(oldest);
    return folder;
  }
}

const NOTHING: ReadonlyMap<string, boolean> = new Map();

function isNoFolder(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

function namesIn(path: string): Folder["names"] {
  // Elsewhere a name may be there in other letters.
  if (process.platform !== "linux") return undefined;
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return new Map(entries.map((entry) => [entry.name, entry.isSymbolicLink()]));
  } catch (error) {
    // One that cannot be listed may still be looked through.
    return isNoFolder(error) ? NOTHING : undefined;
  }
}
