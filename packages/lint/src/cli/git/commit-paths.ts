/** What the commits of the past have changed below a folder. */
import { execFileSync } from "node:child_process";
import { UsageError } from "../usage-error.ts";

/** What `%x01` of the format becomes; hardly a path holds it. */
const MARK = "\u0001";
/** Bytes. */
const LONGEST = 256 * 1024 * 1024;

/**
 * The paths that each of the last commits changed below a folder, relative to it; merges are left out, since what they bring
 * is told by other commits. Throws a {@link UsageError} where there is no history.
 */
export function commitPaths(folder: string, count: number): readonly (readonly string[])[] {
  const args = [
    "log",
    "--no-merges",
    `--max-count=${count}`,
    "--no-renames",
    "--no-ext-diff",
    "--no-show-signature",
    "--name-only",
  ];
  let text: string;
  try {
    text = execFileSync("git", [...args, "-z", "--format=%x01", "--relative", "--", "."], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: LONGEST,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new UsageError(
      isMissing
        ? "--history needs git, which is not installed."
        : `--history: ${folder} has no commits in git.`,
      { cause: error },
    );
  }
  return text
    .split(MARK)
    .map((commit) => commit.split(/[\0\n]/).filter((path) => path !== ""))
    .filter((paths) => paths.length > 0);
}
