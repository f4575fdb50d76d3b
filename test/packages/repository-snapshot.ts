/** A copy of this repository as it stands, committed or not, in a repository of its own: what hooks are installed from. */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Runs git in a folder, as somebody whose name needs no configuration. */
export function git(folder: string, ...args: readonly string[]): string {
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"];
  return execFileSync("git", ["-C", folder, ...identity, ...args], { encoding: "utf8" });
}

/** Copies the repository to a new folder and commits it there; returns the commit. */
export function snapshotRepository(folder: string): string {
  const listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate");
  for (const path of listed.split("\0")) {
    if (path === "" || !existsSync(join(ROOT, path))) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(ROOT, path), join(folder, path));
  }
  git(folder, "init", "-q");
  git(folder, "add", "--all");
  git(folder, "commit", "-q", "--no-verify", "-m", "Snapshot");
  return git(folder, "rev-parse", "HEAD").trim();
}
