import { lstatSync, mkdirSync, unlinkSync, type Stats } from "node:fs";
import { join, sep } from "node:path";
import { pathOnDisk } from "../../build-context/file-name.ts";
import { ContextError } from "../../errors.ts";

/** A folder which what is unpacked stays inside of, whatever the names and links of a tar say. */
export class UnpackFolder {
  readonly #root: string;
  /** Folders below it that were found, or made, to be no links. They are never replaced. */
  readonly #folders = new Set<string>();

  constructor(root: string) {
    this.#root = root;
    mkdirSync(root, { recursive: true });
  }

  /** Where an entry goes. @throws ContextError when its name leads out */
  pathOf(name: string): string {
    return join(this.#root, ...this.#partsOf(name));
  }

  /** Makes a folder where there is none; a link makes way for it. False for the root itself. */
  makeFolder(name: string): boolean {
    const parts = this.#partsOf(name);
    if (parts.length === 0) return false;
    this.#enter(name, parts.slice(0, -1));
    const path = join(this.#root, ...parts);
    const found = look(path);
    if (found?.isSymbolicLink() === true) unlinkSync(pathOnDisk(path));
    else if (found?.isDirectory() === false) throw this.fault(name, "is a folder, and a file is there");
    if (found?.isDirectory() !== true) mkdirSync(pathOnDisk(path), { mode: 0o700 });
    this.#folders.add(path);
    return true;
  }

  /** Makes the folders above an entry, and takes away what is in its place. */
  makeRoom(name: string): void {
    const parts = this.#partsOf(name);
    this.#enter(name, parts.slice(0, -1));
    const path = join(this.#root, ...parts);
    const found = look(path);
    if (parts.length === 0 || found?.isDirectory() === true) {
      throw this.fault(name, "is no folder, and a folder is there");
    }
    if (found !== undefined) unlinkSync(pathOnDisk(path));
  }

  /** The file that a hard link repeats. @throws ContextError when it is not in the folder */
  existing(name: string): string {
    const parts = this.#partsOf(name);
    this.#enter(name, parts.slice(0, -1));
    return join(this.#root, ...parts);
  }

  fault(name: string, what: string): ContextError {
    const message = `Cannot copy ${JSON.stringify(name)} into ${this.#root}: it ${what}.`;
    return new ContextError(message, { path: name, operation: "ContainerArchive" });
  }

  #partsOf(name: string): readonly string[] {
    // Where `\` separates parts too, a name must not smuggle one in.
    const parts = name.split(sep === "\\" ? /[\\/]/ : "/").filter((part) => part !== "" && part !== ".");
    const leadsOut = parts.includes("..") || (sep === "\\" && parts.some((part) => part.includes(":")));
    if (leadsOut || parts.some((part) => part.includes("\0")))
      throw this.fault(name, "has a name that leads out of it");
    return parts;
  }

  #enter(name: string, parts: readonly string[]): void {
    let path = this.#root;
    for (const part of parts) {
      path = join(path, part);
      if (this.#folders.has(path)) continue;
      const found = look(path);
      if (found === undefined) mkdirSync(pathOnDisk(path));
      else if (!found.isDirectory()) throw this.fault(name, "goes through a link or a file");
      this.#folders.add(path);
    }
  }
}

function look(path: string): Stats | undefined {
  return lstatSync(pathOnDisk(path), { throwIfNoEntry: false });
}
