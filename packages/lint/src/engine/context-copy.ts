/** A copy of a build context whose files may be changed: the user's own are never written to. */
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import {
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { ContextCopyError } from "./engine-error.ts";

interface ContextCopy extends AsyncDisposable {
  /** Undefined where there is no context. */
  readonly path: string | undefined;
}

/** Copies what of a context reaches a build: `isSent` is asked about folders, too. Throws {@link ContextCopyError}. */
export async function copyContext(
  folder: string | undefined,
  isSent: (path: string) => boolean,
): Promise<ContextCopy> {
  if (folder === undefined) return { path: undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
  const from = resolve(folder);
  const parent = await mkdtemp(join(tmpdir(), "dflint-cache-"));
  const remove = (): Promise<void> => rm(parent, { recursive: true, force: true });
  const path = join(parent, "context");
  try {
    await cp(from, path, {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      filter: async (source) => {
        const inside = relative(from, source).split(sep).join("/");
        if (inside === "") return true;
        // A socket reaches no build, and nobody can copy it.
        return isSent(inside) && !(await lstat(source)).isSocket();
      },
    });
  } catch (error) {
    await remove();
    const reason = error instanceof Error ? error.message : String(error);
    throw new ContextCopyError(`The context ${folder} cannot be copied, which --prove needs: ${reason}`, {
      cause: error,
    });
  }
  return { path, [Symbol.asyncDispose]: remove };
}

/**
 * Gives files other contents, or makes them; links get another text for the same target. Disposing of it takes that back.
 * Throws {@link ContextCopyError} for what a link leads out of the folder to.
 */
export async function touch(folder: string | undefined, paths: readonly string[]): Promise<AsyncDisposable> {
  const restore: (() => Promise<void>)[] = [];
  for (const path of folder === undefined ? [] : paths) {
    const file = join(folder ?? "", path);
    const parent = dirname(file);
    const found = await lstat(file).catch(() => undefined);
    // A folder that a link leads to changes with what is in it.
    if (found?.isDirectory() === true) continue;
    await stayWithin(folder ?? "", parent, path);
    if (found?.isSymbolicLink() === true) {
      const target = await readlink(file);
      await replaceLink(file, `${target.startsWith("/") ? "/" : ""}${detour()}${target}`);
      restore.push(() => replaceLink(file, target));
      continue;
    }
    const before = found?.isFile() === true ? await readFile(file) : undefined;
    const made = await mkdir(parent, { recursive: true });
    await writeFile(file, Buffer.concat([before ?? Buffer.from(""), Buffer.from(blanks())]));
    restore.push(() =>
      before === undefined ? rm(made ?? file, { recursive: true }) : writeFile(file, before),
    );
  }
  return {
    [Symbol.asyncDispose]: async () => {
      for (const one of restore.toReversed()) await one();
    },
  };
}

async function replaceLink(file: string, target: string): Promise<void> {
  await rm(file);
  await symlink(target, file);
}

/** Links of the context are copied as they are, and may lead to the user's own files. */
async function stayWithin(root: string, folder: string, path: string): Promise<void> {
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined) {
    // It is to be made, below the nearest one that is there.
    if (folder !== root) await stayWithin(root, dirname(folder), path);
    return;
  }
  const inside = relative(await realpath(root), real);
  if (inside === ".." || inside.startsWith(`..${sep}`)) {
    throw new ContextCopyError(`${path} cannot be changed for --prove: a link leads out of the context.`);
  }
}

/** A way to where one is that no other run has taken. */
function detour(): string {
  return randomBits().slice(0, 32).replaceAll("0", "./").replaceAll("1", ".//");
}

/** Lines that no other run has written, and that hardly any kind of file minds at its end. */
function blanks(): string {
  return `\n${randomBits().replaceAll("0", "\n").replaceAll("1", " ")}\n`;
}

function randomBits(): string {
  return [...randomBytes(8)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
}
