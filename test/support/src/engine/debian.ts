import { readFile } from "node:fs/promises";
import { run } from "./command-line.ts";
import { withLock } from "./lock.ts";

export type Say = (line: string) => void;

export const sayOnStderr: Say = (line) => {
  process.stderr.write(`${line}\n`);
};

/** Why no private engine can be started here, or undefined when one can. */
export async function whyNoPrivateEngine(): Promise<string | undefined> {
  if (process.platform !== "linux") return `private engines need Debian, and this is ${process.platform}`;
  if ((await debianSuite()) === undefined) return "private engines need Debian, and this is another Linux";
  if (process.getuid?.() !== 0) return "private engines need root, and this user is not root";
  return undefined;
}

export const howToGetAnEngine =
  "Install Docker (https://docs.docker.com/engine/install/) and start it, set DOCKER_HOST to an engine that runs, " +
  "or run this as root on Debian, where it starts an engine of its own.";

/** `bookworm`, `trixie`, … ; `""` on an unnamed Debian; undefined elsewhere. */
export async function debianSuite(): Promise<string | undefined> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  if (!/^ID=debian$/m.test(release)) return undefined;
  return /^VERSION_CODENAME=(.*)$/m.exec(release)?.[1] ?? "";
}

/** Installs the Debian packages that are not there yet. */
export async function ensurePackages(names: readonly string[], say: Say = sayOnStderr): Promise<void> {
  const missing = await missingOf(names);
  if (missing.length === 0) return;
  const reason = await whyNoPrivateEngine();
  if (reason !== undefined) {
    throw new Error(
      `missing: ${missing.join(", ")} (${reason}); as root on Debian: apt-get install ${missing.join(" ")}`,
    );
  }
  // apt-get waits for another one that installs, but not for one that updates its lists.
  await withLock("lock-packages", async () => await install(await missingOf(names), say));
}

async function missingOf(names: readonly string[]): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const name of names) if (!(await isInstalled(name))) missing.push(name);
  return missing;
}

async function install(missing: readonly string[], say: Say): Promise<void> {
  if (missing.length === 0) return;
  say(`installing Debian packages: ${missing.join(" ")}`);
  const options = [
    "install",
    "-y",
    "-qq",
    "--no-install-recommends",
    "-o",
    "DPkg::Lock::Timeout=600",
    ...missing,
  ];
  // RUNLEVEL=1 keeps packages from starting their services: the tests start their own daemons.
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  try {
    await run("apt-get", options, env);
  } catch {
    // The package lists are missing or older than the mirror.
    await run("apt-get", ["update", "-qq"], env);
    await run("apt-get", options, env);
  }
}

async function isInstalled(name: string): Promise<boolean> {
  try {
    return (await run("dpkg-query", ["-W", "-f=${db:Status-Status}", name])) === "installed";
  } catch {
    return false;
  }
}
