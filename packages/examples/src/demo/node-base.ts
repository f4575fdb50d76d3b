import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Docker } from "docker-engine-sdk";
import { dependencyManifest } from "./node-application.ts";

const run = promisify(execFile);

/**
 * A base image with Node and npm that needs no network: on Linux made of those that run this, elsewhere pulled.
 * In /vendor is a package of some megabytes, for applications to depend on.
 */
export async function makeNodeBase(
  docker: Docker,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), "demo-node-"));
  try {
    await packDependency(context);
    const base = process.platform === "linux" ? await ownNode(context) : "FROM node:22-alpine\n";
    const dockerfile = { text: `${base}COPY vendor /vendor\n` };
    await docker.images.build({ context, dockerfile, tags: [name], labels });
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
async function packDependency(context: string): Promise<void> {
  const source = join(context, "source");
  const vendor = join(context, "vendor");
  await mkdir(source);
  await mkdir(vendor);
  await writeFile(join(source, "package.json"), dependencyManifest);
  await writeFile(join(source, "noise"), randomBytes(8_000_000));
  await run(process.execPath, [await npmScript(), "pack", source, "--pack-destination", vendor]);
}

/** The npm that runs this, or the one beside this Node. */
async function npmScript(): Promise<string> {
  const script = process.env["npm_execpath"];
  if (script?.endsWith("npm-cli.js") === true) return await realpath(script);
  return join(await realpath(process.execPath), "../../lib/node_modules/npm/bin/npm-cli.js");
}
