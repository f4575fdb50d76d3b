/** Paths as people like to read them. */
import { relative } from "node:path";

/** A path relative to the working folder, where that is shorter. */
export function nearPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near !== "" && near.length < path.length ? near : path;
}
