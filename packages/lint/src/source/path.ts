/** Paths with `/`, as texts. */

/** The last name of a path, as of a program without its folder; empty where the path ends in a slash. */
export function baseName(path: string): string;
export function baseName(path: string | undefined): string | undefined;
export function baseName(path: string | undefined): string | undefined {
  // Most programs have no folder, and V8 looks faster from the front.
  return path?.includes("/") === true ? path.slice(path.lastIndexOf("/") + 1) : path;
}

/** A name in a folder. */
export function joinPath(folder: string, name: string): string {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}
