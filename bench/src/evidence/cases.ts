/** For rules that promise bytes, layers or shorter rebuilds: a Dockerfile as they find it, and as they want it. */
import { vendoredPackage } from "test-support/node-base";
import type { BaseName } from "./bases.ts";

/** A pair of Dockerfiles. */
export interface EvidenceCase {
  readonly rule: string;
  /** What it is based on: the Dockerfiles begin below that line. */
  readonly base: BaseName;
  readonly bad: string;
  readonly good: string;
  /** The context of both. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** What the good one has besides. */
  readonly goodFiles?: Readonly<Record<string, string>>;
  /** What changes before both are built again: a file, or a build argument. */
  readonly change?: { readonly file: string } | { readonly argument: string };
  /** Whether only BuildKit can build the good one. */
  readonly needsBuildKit?: boolean;
}

const { name, version, tarball } = vendoredPackage;
const manifest = { name: "application", version: "1.0.0", dependencies: { [name]: `file:${tarball}` } };
const application = {
  "package.json": JSON.stringify(manifest),
  "package-lock.json": JSON.stringify({
    lockfileVersion: 3,
    packages: { "": manifest, [`node_modules/${name}`]: { version, resolved: `file:..${tarball}` } },
  }),
  "server.js": "",
};
const megabytes = (count: number): Uint8Array => new Uint8Array(count * 1_000_000).fill(1);

/** In the order of their rules. */
export const cases: readonly EvidenceCase[] = [
  {
    rule: "DFL101",
    base: "node",
    bad: "WORKDIR /app\nCOPY . .\nRUN npm ci\n",
    good: "WORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n",
    files: application,
    change: { file: "server.js" },
  },
  {
    rule: "DFL102",
    base: "node",
    bad: "WORKDIR /app\nARG REVISION=1\nENV REVISION=$REVISION\nCOPY package*.json ./\nRUN npm ci\n",
    good: "WORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nARG REVISION=1\nENV REVISION=$REVISION\n",
    files: application,
    change: { argument: "REVISION" },
  },
  {
    rule: "DFL104",
    base: "busybox",
    bad: "RUN head -c 20000000 /dev/urandom > /archive && wc -c /archive > /size\nRUN rm /archive\n",
    good: "RUN head -c 20000000 /dev/urandom > /archive && wc -c /archive > /size && rm /archive\n",
  },
  {
    rule: "DFL105",
    base: "busybox",
    bad: "COPY data /data\nRUN chmod 640 /data\n",
    good: "COPY --chmod=640 data /data\n",
    files: { data: megabytes(20) },
    needsBuildKit: true,
  },
  {
    rule: "DFL106",
    base: "busybox",
    bad: "RUN head -c 20000000 /dev/urandom > /data\nRUN wc -c /data > /size\nRUN touch /data\n",
    good: "RUN head -c 20000000 /dev/urandom > /data && wc -c /data > /size && touch /data\n",
  },
  {
    rule: "DFL403",
    base: "node",
    bad: "WORKDIR /app\nCOPY package*.json ./\nRUN npm ci\n",
    good: "WORKDIR /app\nCOPY package*.json ./\nRUN npm ci && npm cache clean --force\n",
    files: application,
  },
  {
    rule: "DFL405",
    base: "debian",
    bad: "RUN apt-get update && apt-get install -y --no-install-recommends wget\n",
    good: "RUN apt-get update && apt-get install -y --no-install-recommends wget && rm -rf /var/lib/apt/lists/*\n",
  },
  {
    rule: "DFL408",
    base: "debian",
    bad: "RUN apt-get update && apt-get install -y wget && rm -rf /var/lib/apt/lists/*\n",
    good: "RUN apt-get update && apt-get install -y --no-install-recommends wget && rm -rf /var/lib/apt/lists/*\n",
  },
  {
    rule: "DFL504",
    base: "busybox",
    bad: "COPY data /data\nRUN chown 10001:10001 /data\n",
    good: "COPY --chown=10001:10001 data /data\n",
    files: { data: megabytes(20) },
  },
  {
    rule: "DFL604",
    base: "node",
    bad: "WORKDIR /app\nCOPY . .\n",
    good: "WORKDIR /app\nCOPY . .\n",
    files: { ...application, "node_modules/left/over": megabytes(20) },
    goodFiles: { ".dockerignore": "node_modules\n" },
  },
];
