import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const vendored = { name: "vendored", version: "1.0.0" };

/** The package that the base has, and where. */
export const vendoredPackage = {
  ...vendored,
  /** Of `npm pack`; about eight megabytes. */
  tarball: `/vendor/${vendored.name}-${vendored.version}.tgz`,
} as const;

/**
 * A base image with Node, npm and a {@link vendoredPackage} for applications to depend on. Needs no network on Linux,
 * where it is made of the Node and the npm that run this; elsewhere it is based on one that is pulled.
 */
export async function buildNodeBase(
  build: (context: string, dockerfile: string) => PromiseLike<unknown>,
): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), "node-base-"));
  try {
    await packVendored(context);
    const base = process.platform === "linux" ? await ownNode(context) : "FROM node:22-alpine\n";
    await build(context, `${base}COPY vendor /vendor\n`);
  } finally {
    await rm(context, { recursive: true });
  }
}

/** This Node with the libraries that it needs, and the npm that runs this. Returns the Dockerfile's beginning. */
async function ownNode(context: string): Promise<string> {
  const root = join(context, "root");
  const node = await realpath(process.execPath);
  const { stdout } = await run("ldd", [node]);
  for (const library of stdout.match(/\/\S+/g) ?? []) {
    await cp(await realpath(library), join(root, library), { recursive: true });
  }
  const bin = join(root, "usr/local/bin");
  await mkdir(bin, { recursive: true });
  await cp(node, join(bin, "node"));
  await cp(join(await npmScript(), "../.."), join(root, "npm"), { recursive: true, dereference: true });
  await writeFile(join(bin, "npm"), '#!/bin/sh\nexec node /npm/bin/npm-cli.js "$@"\n', { mode: 0o755 });
  const user =
    "RUN mkdir -p /etc && echo node:x:1000:1000::/home/node:/bin/sh >> /etc/passwd && echo node:x:1000: >> /etc/group";
  return `FROM busybox\nCOPY root /\n${user}\nENV PATH=/usr/local/bin:/usr/bin:/bin\n`;
}

/** Mostly noise, so that its megabytes stay megabytes in a tarball. */
async function packVendored(context: string): Promise<void> {
  const source = join(context, "source");
  const vendor = join(context, "vendor");
  await mkdir(source);
  await mkdir(vendor);
  await writeFile(join(source, "package.json"), JSON.stringify(vendored));
  await writeFile(join(source, "noise"), randomBytes(8_000_000));
  await run(process.execPath, [await npmScript(), "pack", source, "--pack-destination", vendor]);
}

/** The npm that runs this, or the one beside this Node. */
async function npmScript(): Promise<string> {
  const script = process.env["npm_execpath"];
  if (script?.endsWith("npm-cli.js") === true) return await realpath(script);
  return join(await realpath(process.execPath), "../../lib/node_modules/npm/bin/npm-cli.js");
}
