/** Writing fixed files: whole or not at all, and as what they were. */
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { describeFileError, FileError, readBytes } from "./read.ts";

/**
 * Writes a text over a file that held `before`, or makes the file where `before` is undefined. Links, mode and owner stay.
 * Throws a {@link FileError}, also where the file is not what it was when it was read.
 */
export function writeText(path: string, text: string, before: string | undefined): void {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) {
      writeFileSync(path, text);
      return;
    }
    if (!stats.isFile()) throw new FileError(`${path}: cannot be written: it is no regular file.`);
    const target = realpathSync(path);
    // A file that its owner made read-only stays as it is, though its folder would let us replace it.
    accessSync(target, constants.W_OK);
    if (!readBytes(target).equals(Buffer.from(before ?? ""))) {
      throw new FileError(`${path}: changed while it was being fixed, so nothing was written.`);
    }
    if (stats.nlink > 1 || !replace(target, text, stats)) writeFileSync(target, text);
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(describeFileError(path, error, "written"), { cause: error });
  }
}

/** What a folder of someone else, or a file of someone else, answers. */
const REFUSALS: ReadonlySet<unknown> = new Set(["EACCES", "EPERM"]);

/** Puts a new file in the place of the old one, or returns false where that is not allowed. */
function replace(path: string, text: string, { mode, uid, gid }: Stats): boolean {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: "wx" });
    const made = statSync(temporary);
    if (made.uid !== uid || made.gid !== gid) chownSync(temporary, uid, gid);
    chmodSync(temporary, mode & 0o7777);
    renameSync(temporary, path);
    return true;
  } catch (error) {
    rmSync(temporary, { force: true });
    if (error instanceof Error && "code" in error && REFUSALS.has(error.code)) return false;
    throw error;
  }
}
