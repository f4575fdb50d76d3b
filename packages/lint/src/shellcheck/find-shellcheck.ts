import type { ShellChecker } from "../linter/facts/shell-checker.ts";
import { isOnPath } from "./on-path.ts";

/**
 * The checker, or undefined where no `shellcheck` is on the PATH. `exclude` are codes to leave out. What runs the program
 * is loaded where there is one.
 */
export async function findShellcheck(exclude: readonly string[]): Promise<ShellChecker | undefined> {
  if (!isOnPath("shellcheck")) return undefined;
  const { shellcheckWithout } = await import("./shellcheck.ts");
  return shellcheckWithout(exclude);
}
