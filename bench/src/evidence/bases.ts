/** The images that the pairs are based on. None needs a network while it is built on. */
import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Docker } from "docker-engine-sdk";
import { ensurePackages } from "test-support/engine";
import { buildNodeBase } from "test-support/node-base";

/** What each has: a shell; Node with npm; Debian with apt-get, and with the packages that the pairs install. */
export type BaseName = "busybox" | "node" | "debian";

/** What the pairs install, with all that it recommends. */
const DEBIAN_PACKAGES = ["wget"];

/** Debian as a tar, made once for all engines: its apt reads a copy of the real index and of a few packages. */
export async function debianArchive(): Promise<string> {
  await ensurePackages(["mmdebstrap"]);
  const run = promisify(execFile);
  const folder = await mkdtemp(join(tmpdir(), "evidence-debian-"));
  const root = join(folder, "root");
  const apt = async (...args: readonly string[]): Promise<void> => {
    await run("chroot", [root, "apt-get", "-q", "-o", "Acquire::Check-Valid-Until=false", ...args]);
  };
  await run("mmdebstrap", [
    "--quiet",
    "--mode=root",
    "--variant=apt",
    '--aptopt=Acquire::Check-Valid-Until "false"',
    "bookworm",
    root,
  ]);
  await copyFile("/etc/resolv.conf", join(root, "etc/resolv.conf"));
  await apt("update");
  await apt("install", "--yes", "--download-only", ...DEBIAN_PACKAGES);
  await makeRepository(root);
  await rm(join(root, "etc/resolv.conf"));
  const archive = join(folder, "debian.tar");
  await run("tar", ["--numeric-owner", "-cf", archive, "-C", root, "."]);
  await rm(root, { recursive: true });
  return archive;
}

/** Turns what apt has downloaded into a repository of its own, under /repository. */
async function makeRepository(root: string): Promise<void> {
  const lists = join(root, "var/lib/apt/lists");
  const archives = join(root, "var/cache/apt/archives");
  const repository = join(root, "repository");
  await mkdir(repository);
  const indexes = (await readdir(lists)).filter((name) => name.endsWith("_Packages"));
  const texts = await Promise.all(indexes.map((name) => readFile(join(lists, name), "utf8")));
  const index = texts.join("\n");
  await writeFile(join(repository, "Packages"), index);
  for (const file of await readdir(archives)) {
    if (!file.endsWith(".deb")) continue;
    // apt escapes the colon of a version's epoch.
    const plain = file.replace(/_\d+%3a/, "_");
    const path = index
      .split("\n")
      .find((line) => line.startsWith("Filename: ") && line.endsWith(`/${plain}`));
    if (path === undefined) throw new Error(`No index of Debian has the package ${file}.`);
    const place = join(repository, path.slice("Filename: ".length));
    await mkdir(dirname(place), { recursive: true });
    await copyFile(join(archives, file), place);
  }
  await writeFile(join(root, "etc/apt/sources.list"), "deb [trusted=yes] copy:/repository ./\n");
  await rm(join(root, "etc/apt/sources.list.d"), { recursive: true, force: true });
  // As in the official image of Debian: only the index itself stays after an installation.
  const settings = [
    'Dir::Cache::pkgcache "";',
    'Dir::Cache::srcpkgcache "";',
    'APT::Keep-Downloaded-Packages "false";',
  ];
  const clean = 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };';
  await writeFile(join(root, "etc/apt/apt.conf.d/small"), `${[...settings, clean].join("\n")}\n`);
  for (const folder of [lists, archives]) {
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
  }
}

/** Puts all bases on an engine, under these names. */
export async function installBases(
  docker: Docker,
  debian: string,
): Promise<Readonly<Record<BaseName, string>>> {
  const node = "evidence-node:1";
  await buildNodeBase((context, text) =>
    docker.images.build({ context, dockerfile: { text }, tags: [node] }),
  );
  const reference = "evidence-debian:1";
  await docker.images.import(createReadStream(debian), { reference });
  return { busybox: "busybox", node, debian: reference };
}
