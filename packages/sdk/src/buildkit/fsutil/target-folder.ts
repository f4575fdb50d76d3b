import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  futimesSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { decodeName, pathOnDisk } from "../../build-context/file-name.ts";
import { ProtocolError } from "../../errors.ts";
import type { Stat } from "../../generated/buildkit/filesync_pb.ts";
import { fromGoMode } from "./go-mode.ts";

const newFile = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const knownFile = constants.O_WRONLY | constants.O_NOFOLLOW;

interface ReceivedFile {
  readonly path: string | Buffer;
  readonly stat: Stat;
  descriptor: number | undefined;
}

/** A folder that files are received into, and that nothing gets out of: names that lead up are refused, links replaced. */
export class TargetFolder {
  readonly #root: string;
  readonly #files = new Map<number, ReceivedFile>();
  readonly #folders = new Map<string, Stat | undefined>();

  constructor(root: string) {
    this.#root = root;
    mkdirSync(root, { recursive: true });
    this.#folders.set("", undefined);
  }

  /** Makes what is said to be there. True for a file whose content is to be asked for. */
  make(id: number, stat: Stat): boolean {
    const name = checkedPath(stat.path);
    const { type, mode } = fromGoMode(stat.mode);
    this.#enter(folderOf(name));
    const path = this.#onDisk(name);
    if (type === "folder") {
      this.#enter(name);
      this.#folders.set(name, stat);
      return false;
    }
    // Devices and the like are nothing to have in a folder of results.
    if (type === "other") return false;
    // A symlink in its place would lead out whatever comes for the folder.
    if (this.#folders.has(name)) {
      throw new ProtocolError(
        `The engine sent a folder that is also something else: ${JSON.stringify(name)}`,
      );
    }
    rmSync(path, { force: true, recursive: true });
    if (type === "symlink") {
      if (stat.linkname.includes(0)) throw new ProtocolError("The engine sent a symlink to what is no path.");
      symlinkSync(pathOnDisk(decodeName(Buffer.from(stat.linkname))), path);
      return false;
    }
    if (stat.linkname.length > 0) {
      const first = checkedPath(stat.linkname);
      this.#enter(folderOf(first));
      if (!lstatSync(this.#onDisk(first)).isFile()) {
        throw new ProtocolError(`The engine sent a hard link to what is no file: ${JSON.stringify(first)}`);
      }
      linkSync(this.#onDisk(first), path);
      return false;
    }
    closeSync(openSync(path, newFile, mode & 0o700));
    this.#files.set(id, { path, stat, descriptor: undefined });
    return true;
  }

  write(id: number, data: Uint8Array): void {
    const file = this.#file(id);
    file.descriptor ??= openSync(file.path, knownFile);
    for (let at = 0; at < data.length;) at += writeSync(file.descriptor, data, at);
  }

  end(id: number): void {
    const { path, stat, descriptor } = this.#file(id);
    const open = descriptor ?? openSync(path, knownFile);
    this.#files.delete(id);
    try {
      fchmodSync(open, fromGoMode(stat.mode).mode);
      const time = secondsOf(stat);
      futimesSync(open, time, time);
    } finally {
      closeSync(open);
    }
  }

  /** Folders get their modes and times last: they may forbid to write, and writing changes them. */
  finish(): void {
    for (const [name, stat] of [...this.#folders].toReversed()) {
      if (stat === undefined) continue;
      const path = this.#onDisk(name);
      chmodSync(path, fromGoMode(stat.mode).mode);
      utimesSync(path, secondsOf(stat), secondsOf(stat));
    }
  }

  close(): void {
    for (const { descriptor } of this.#files.values()) if (descriptor !== undefined) closeSync(descriptor);
    this.#files.clear();
  }

  /** Makes sure that a folder is one, and none that a symlink leads to. */
  #enter(name: string): void {
    if (this.#folders.has(name)) return;
    this.#enter(folderOf(name));
    const path = this.#onDisk(name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() !== true) {
      rmSync(path, { force: true });
      mkdirSync(path, 0o755);
    }
    this.#folders.set(name, undefined);
  }

  #file(id: number): ReceivedFile {
    const file = this.#files.get(id);
    if (file === undefined) throw new ProtocolError(`The engine sent a file that was not asked for: ${id}.`);
    return file;
  }

  #onDisk(name: string): string | Buffer {
    return pathOnDisk(join(this.#root, name));
  }
}

function secondsOf({ modTime }: Stat): number {
  return Number(modTime / 1000n) / 1e6;
}

/** The folder that holds a path; empty for the target itself. */
function folderOf(name: string): string {
  const folder = dirname(name);
  return folder === "." ? "" : folder;
}

function checkedPath(bytes: Uint8Array): string {
  const path = decodeName(Buffer.from(bytes));
  const parts = path.split("/");
  const isBad = path.includes("\0") || parts.some((part) => part === "" || part === "." || part === "..");
  if (isBad) throw new ProtocolError(`The engine sent a path that leads elsewhere: ${JSON.stringify(path)}`);
  return path;
}
