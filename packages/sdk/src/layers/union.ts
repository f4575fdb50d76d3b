/** Lays one layer over the others, as the engine's file systems do, and tells what that changes. */
import { posix } from "node:path";
import { ProtocolError } from "../errors.ts";
import { isSameDirectory, toImageFile, type FileFacts, type ImageFile } from "./file-facts.ts";
import type { LayerContent, LayerEntry } from "./layer-content.ts";

/** What a layer did to the paths below it. */
export interface LayerChanges {
  /** Paths that no layer below has. */
  readonly added: readonly ImageFile[];
  /** Paths that a layer below has, too. */
  readonly changed: readonly ImageFile[];
  /** Paths that it takes away. */
  readonly deleted: readonly string[];
}

/** A file of which no path of the image shows the bytes any more. */
export interface HiddenFile {
  /** Its path in the image, e.g. `/etc/passwd`. */
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
  /** Why it is hidden. */
  readonly reason: "deleted" | "rewritten" | "metadata";
  /** The index of the layer that has it, 0 for the lowest. */
  readonly layer: number;
  /** The index of the layer that hides it. */
  readonly hiddenBy: number;
}

interface Inode {
  readonly facts: FileFacts;
  readonly layer: number;
  /** The name it came with. */
  readonly path: string;
  names: number;
}

interface Node {
  inode: Inode;
  /** The last layer that made or changed this path. */
  layer: number;
  readonly children: Map<string, Node>;
}

// What the engine makes where a layer leaves out a folder above a file.
const impliedFolder: FileFacts = { type: "directory", mode: 0o755, uid: 0, gid: 0, size: 0 };

export class Union {
  readonly #root: Node = this.#newNode({ facts: impliedFolder, layer: -1, path: "/", names: 1 }, -1);
  readonly #hidden: HiddenFile[] = [];
  #layer = -1;
  /** What the paths that this layer touched were before it. */
  #before = new Map<string, Inode>();
  #touched = new Set<string>();

  /** Files that later layers hid, in the order of the layers that did. */
  get hidden(): readonly HiddenFile[] {
    return this.#hidden;
  }

  /** Lays the next layer on top. @throws ProtocolError when a hard link in it leads nowhere */
  apply({ entries, whiteouts, opaque }: LayerContent): LayerChanges {
    this.#layer++;
    this.#before = new Map();
    this.#touched = new Set();
    // They concern only the layers below, wherever in the tar they are (OCI image spec, "Whiteouts").
    for (const path of opaque) this.#removeChildren(path);
    for (const path of whiteouts) this.#remove(path);
    for (const entry of entries) this.#put(entry);
    this.#noteHidden();
    return this.#changes();
  }

  /** All paths, each folder before what is in it, sorted by name. The root itself is left out. */
  files(): ReadonlyMap<string, ImageFile> {
    const files = new Map<string, ImageFile>();
    const firstNames = new Map<Inode, string>();
    const visit = (folder: Node, prefix: string): void => {
      const names = [...folder.children].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [name, node] of names) {
        const path = `${prefix}/${name}`;
        const { inode, layer } = node;
        const first = firstNames.get(inode);
        if (inode.names > 1 && first === undefined) firstNames.set(inode, path);
        files.set(path, toImageFile(path, layer, inode.facts, first));
        visit(node, path);
      }
    };
    visit(this.#root, "");
    return files;
  }

  #put({ path, file }: LayerEntry): void {
    const isLink = "hardLinkTo" in file;
    const inode = isLink
      ? this.#linked(path, file.hardLinkTo)
      : { facts: file, layer: this.#layer, path, names: 0 };
    if (path === "/") return;
    const folder = this.#folder(posix.dirname(path));
    const name = posix.basename(path);
    const node = folder.children.get(name);
    this.#touched.add(path);
    if (node?.inode === inode) return;
    inode.names++;
    if (node?.inode.facts.type === "directory" && inode.facts.type === "directory") {
      // Folders are merged.
      this.#note(path, node);
      if (!isSameDirectory(node.inode.facts, inode.facts)) node.layer = this.#layer;
      node.inode = inode;
      return;
    }
    if (node !== undefined) this.#drop(path, node);
    folder.children.set(name, this.#newNode(inode, this.#layer));
  }

  /** The file that is to get one more name. It may be of a layer below, also one that this layer deletes. */
  #linked(path: string, target: string): Inode {
    const inode = this.#find(target)?.inode ?? this.#before.get(target);
    if (inode === undefined || inode.facts.type === "directory") {
      throw new ProtocolError(
        `Layer ${this.#layer} holds a hard link ${path} to ${target}, ` +
          (inode === undefined ? "which is not there." : "which is a folder."),
      );
    }
    return inode;
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const name of partsOf(path)) node = node?.children.get(name);
    return node;
  }

  /** The folder at a path; made where the layer leaves it out. */
  #folder(path: string): Node {
    let folder = this.#root;
    let at = "";
    for (const name of partsOf(path)) {
      at += `/${name}`;
      let node = folder.children.get(name);
      if (node?.inode.facts.type !== "directory") {
        if (node !== undefined) this.#drop(at, node);
        node = this.#newNode({ facts: impliedFolder, layer: this.#layer, path: at, names: 1 }, this.#layer);
        folder.children.set(name, node);
        this.#touched.add(at);
      }
      folder = node;
    }
    return folder;
  }

  #newNode(inode: Inode, layer: number): Node {
    return { inode, layer, children: new Map() };
  }

  #remove(path: string): void {
    const folder = this.#find(posix.dirname(path));
    const name = posix.basename(path);
    const node = folder?.children.get(name);
    if (folder === undefined || node === undefined) return;
    this.#drop(path, node);
    folder.children.delete(name);
  }

  #removeChildren(path: string): void {
    const folder = this.#find(path);
    if (folder === undefined) return;
    this.#dropChildren(path, folder);
    folder.children.clear();
  }

  #drop(path: string, node: Node): void {
    this.#note(path, node);
    node.inode.names--;
    this.#dropChildren(path, node);
  }

  #dropChildren(path: string, folder: Node): void {
    for (const [name, child] of folder.children) this.#drop(posix.join(path, name), child);
  }

  #note(path: string, { inode, layer }: Node): void {
    if (layer < this.#layer && !this.#before.has(path)) this.#before.set(path, inode);
  }

  #noteHidden(): void {
    const noted = new Set<Inode>();
    for (const [path, inode] of this.#before) {
      const { facts, layer, names } = inode;
      if (names > 0 || facts.size === 0 || noted.has(inode)) continue;
      noted.add(inode);
      const now = this.#find(path)?.inode.facts;
      const reason =
        now?.type !== "file" ? "deleted" : now.digest === facts.digest ? "metadata" : "rewritten";
      this.#hidden.push({ path, bytes: facts.size, reason, layer, hiddenBy: this.#layer });
    }
  }

  #changes(): LayerChanges {
    const added: ImageFile[] = [];
    const changed: ImageFile[] = [];
    for (const path of [...this.#touched].sort()) {
      const node = this.#find(path);
      if (node === undefined) continue;
      const before = this.#before.get(path);
      const { inode, layer } = node;
      // A folder stands in the tar whenever something in it changed.
      if (before !== undefined && isSameDirectory(before.facts, inode.facts)) continue;
      const other = inode.path === path ? undefined : inode.path;
      (before === undefined ? added : changed).push(toImageFile(path, layer, inode.facts, other));
    }
    const deleted = [...this.#before.keys()].filter((path) => this.#find(path) === undefined).sort();
    return { added, changed, deleted };
  }
}

function partsOf(path: string): string[] {
  return path === "/" ? [] : path.slice(1).split("/");
}
