import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Whether a program of this name would be found, without running it. */
export function isOnPath(program: string): boolean {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  const { PATH = "" } = process.env as { PATH?: string };
  return PATH.split(delimiter).some((folder) =>
    endings.some((end) => isRunnable(join(folder, program + end))),
  );
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
