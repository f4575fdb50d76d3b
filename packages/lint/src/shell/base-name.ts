/** The name of a program without its folder. */
export function baseName(path: string | undefined): string | undefined {
  // Most have no folder, and V8 looks faster from the front.
  return path?.includes("/") === true ? path.slice(path.lastIndexOf("/") + 1) : path;
}
