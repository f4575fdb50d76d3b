/** Files that dflint makes for others to read: whole or not at all. */
import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describeFileError } from "../../files/read.ts";
import { UsageError } from "../usage-error.ts";

/**
 * Writes a text to a file beside the final one, and renames that. What is no regular file (a pipe, `/dev/stderr`) is
 * written to as it is; a link stays one. Throws a {@link UsageError}.
 */
export function writeReportFile(
  path: string,
  text: string | Buffer,
  what: "report" | "baseline" = "report",
): void {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && !stats.isFile()) writeFileSync(path, text);
    else replace(stats === undefined ? path : realpathSync(path), text, stats?.mode);
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new UsageError(
      isMissing
        ? `The ${what} cannot be written to ${path}: there is no folder ${dirname(path)}.`
        : `The ${what} cannot be written: ${describeFileError(path, error, "written")}`,
    );
  }
}

function replace(path: string, text: string | Buffer, mode: number | undefined): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text);
    if (mode !== undefined) chmodSync(temporary, mode & 0o777);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
