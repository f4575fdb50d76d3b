/** Reading files as text, with errors that a person can act on. */
import { isUtf8 } from "node:buffer";
import { closeSync, lstatSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { interruptible } from "./interruptible.ts";

/** A file's text, or why it is none. */
export interface FileText {
  readonly text: string;
  /** Set where the bytes are no text that BuildKit could read; `text` is empty then. */
  readonly defect?: string;
  /** Set where some bytes are not UTF-8: what is written back would not be what was read. */
  readonly isLossy?: boolean;
}

/** Something about one file that ends the work on it, but not on the others; the message names its path. */
export class FileError extends Error {
  override readonly name = "FileError";
}

/** Reads a Dockerfile. Throws a {@link FileError}. */
export function readDockerfile(path: string): FileText {
  try {
    return decode(readBytes(path));
  } catch (error) {
    throw new FileError(describeFileError(path, error), { cause: error });
  }
}

/** Dockerfiles that are larger are none. BuildKit's own limit for one message, which carries a Dockerfile, is the same. */
export const MAX_BYTES: number = 16 * 2 ** 20;

/** Reads a file, or what comes through a pipe, as in `dflint <(…)`. Throws what `node:fs` throws. */
export function readBytes(path: string): Buffer {
  const stats = statSync(path);
  if (stats.size > MAX_BYTES) throw tooLarge();
  // Nothing else runs while a pipe has no writer.
  return stats.isFile() ? readFileSync(path) : interruptible(() => readPipe(path));
}

/** Says that more than {@link MAX_BYTES} were given. */
export function tooLarge(): Error {
  return Object.assign(new Error("too large"), { code: "EFBIG" });
}

/** A pipe or a device, which may never end. */
function readPipe(path: string): Buffer {
  const descriptor = openSync(path, "r");
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for (;;) {
      const chunk = Buffer.alloc(65_536);
      const count = readSync(descriptor, chunk);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
      size += count;
      if (size > MAX_BYTES) throw tooLarge();
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Decodes bytes as BuildKit does: UTF-8, with or without a byte order mark. Bytes that are not UTF-8 are kept as
 * U+FFFD, since BuildKit lets them pass.
 */
export function decode(bytes: Buffer): FileText {
  const defect = defectOf(bytes);
  if (defect !== undefined) return { text: "", defect };
  const text = bytes.toString("utf8");
  return isUtf8(bytes) ? { text } : { text, isLossy: true };
}

function defectOf(bytes: Buffer): string | undefined {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return "The file is UTF-16, which BuildKit cannot read; save it as UTF-8.";
  }
  const zero = bytes.indexOf(0);
  if (zero === -1) return undefined;
  return looksLikeUtf16(bytes)
    ? "The file looks like UTF-16 without a byte order mark, which BuildKit cannot read; save it as UTF-8."
    : `The file is binary (a zero byte at offset ${zero}), not a Dockerfile.`;
}

/** Latin text in UTF-16 has a zero in every other byte. */
function looksLikeUtf16(bytes: Buffer): boolean {
  const sample = bytes.subarray(0, 512);
  if (sample.length < 4) return false;
  let even = 0;
  let odd = 0;
  for (const [index, byte] of sample.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  const half = sample.length / 2;
  return (odd > half * 0.9 && even === 0) || (even > half * 0.9 && odd === 0);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EFBIG: "it is larger than 16 MiB, which no Dockerfile is",
  EISDIR: "it is a folder",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "no such file",
  ENOTDIR: "a part of the path is not a folder",
  ENOSPC: "no space is left",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ERR_INVALID_ARG_VALUE: "the name holds a zero byte",
};

/** One sentence about an error of `node:fs`; `verb` is what was tried. */
export function describeFileError(path: string, error: unknown, verb: "read" | "written" = "read"): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" && isLink(path)) return `${path}: the symbolic link points at nothing.`;
  // Of what is written, that is a limit of the system.
  const known =
    code === "EFBIG" && verb === "written" ? "it would be larger than the system allows" : REASONS[code];
  const reason = known ?? (error instanceof Error ? error.message : String(error));
  return `${path}: cannot be ${verb}: ${reason}.`;
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
