import { lstatSync, unlinkSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { extract, type Extract } from "tar-fs";

/**
 * Writes a tar into a folder as `docker cp` does: modes as they are but for setuid, setgid and sticky, everything
 * owned by the user who copies. Links that point anywhere are made (`/etc/mtab` is absolute), and nothing is ever
 * written through one.
 */
export function unpack(folder: string): Extract {
  const options = {
    umask: 0,
    chown: false,
    validateSymlinks: false,
    ignore: (name: string, header?: { readonly type?: string | null }) => {
      if (header?.type === "directory") replaceLink(folder, name);
      return false;
    },
  };
  return extract(folder, options);
}

/**
 * Makes way for a folder where a link is. tar-fs does so for files and refuses links among the parents, but of a
 * folder that is there as a link it would change mode and time behind the link.
 */
function replaceLink(folder: string, name: string): void {
  const parts = relative(folder, name).split(sep);
  for (let depth = 1; depth <= parts.length; depth++) {
    const path = resolve(folder, ...parts.slice(0, depth));
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
    if (depth === parts.length && path !== folder) unlinkSync(path);
    return;
  }
}
