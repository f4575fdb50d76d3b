/** What would be published: nothing missing, nothing that does not belong there, and no dead link. */
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { copyFile, readdir, readFile, stat, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packAll, PUBLISHED, unpack } from "./packed.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly exports: unknown;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const MiB = 1024 * 1024;

/** What each may hold and weigh; raise a limit knowingly, since every user downloads it. */
const CONTRACTS = {
  sdk: {
    files: /^(?:dist\/[\w-]+\.(?:d\.)?[mc][jt]s|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
    packed: 0.6 * MiB,
    unpacked: 2.5 * MiB,
    dependencies: ["@bufbuild/protobuf", "fzstd", "undici"],
  },
  lint: {
    files:
      /^(?:dist\/(?:index\.(?:mjs|d\.mts)|cli\.mjs|cli\/[\w-]+\.cjs(?:\.cache)?|THIRD-PARTY-NOTICES\.txt)|schema\/dflint(?:-report|-measurement)?\.schema\.json|docs\/(?:rules\/)?[\w-]+\.md|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
    packed: 2 * MiB,
    unpacked: 7 * MiB,
    dependencies: ["docker-engine-sdk"],
  },
} as const;

let folder: TempDir;
let archives: Awaited<ReturnType<typeof packAll>>;
beforeAll(async () => {
  folder = await tempDir();
  archives = await packAll(folder.path);
});
afterAll(() => folder[Symbol.asyncDispose]());

describe.each(["sdk", "lint"] as const)("packages/%s, packed", (source) => {
  let archive: string;
  let root: string;
  let files: readonly string[];
  let manifest: Manifest;
  const contract = CONTRACTS[source];

  beforeAll(async () => {
    archive = archives[source];
    root = folder.join(source);
    mkdirSync(root);
    files = await unpack(archive, root);
    manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Manifest;
  });

  it("holds what it should, and no sources, tests or settings", () => {
    expect(files).toEqual(
      expect.arrayContaining(["package.json", "README.md", "CHANGELOG.md", "LICENSE", "dist/index.mjs"]),
    );
    expect(files.filter((file) => !contract.files.test(file))).toEqual([]);
  });

  it("keeps to its size", async () => {
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(root, file))).size));
    expect((await stat(archive)).size).toBeLessThan(contract.packed);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(contract.unpacked);
  });

  it("names only what is there, under versions that npm knows", async () => {
    const targets = [manifest.exports, manifest.bin ?? {}].flatMap(leaves);
    expect(targets.length).toBeGreaterThan(3);
    expect(targets.filter((target) => !files.includes(target.replace(/^\.\//, "")))).toEqual([]);
    const { exports, dependencies = {} } = manifest;
    expect(JSON.stringify({ exports, dependencies })).not.toMatch(/(?:workspace|catalog):|"source":|\.ts"/);
    expect(manifest).toMatchObject({ name: PUBLISHED[source], license: "Apache-2.0" });
    expect(manifest.engines).toEqual({ node: ">=20.18.1" });
    expect(Object.keys(dependencies)).toEqual(contract.dependencies);
  });

  it("tells of its own version in its changelog", async () => {
    expect(await readFile(join(root, "CHANGELOG.md"), "utf8")).toContain(`\n## ${manifest.version}\n`);
  });

  it("has no link that leads out of it, or nowhere", async () => {
    const dead: string[] = [];
    for (const file of files.filter((name) => name.endsWith(".md"))) {
      const text = await readFile(join(root, file), "utf8");
      for (const [, target = ""] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^(?:https?:|#)/.test(target)) continue;
        if (!files.includes(join(dirname(file), target.replace(/#.*/, "")))) dead.push(`${file}: ${target}`);
      }
    }
    expect(dead).toEqual([]);
  });

  it("is what publint takes for sound", async () => {
    const tarball = await readFile(archive);
    const { messages, pkg } = await publint({
      strict: true,
      pack: { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength) },
    });
    // Where the sources will be is known when it is published; the release fills that in.
    const faults = messages.filter(({ code }) => !/REPOSITORY/.test(code));
    expect(faults.map((message) => formatMessage(message, pkg))).toEqual([]);
  });
});

it("dflint names what it holds of others, with their licences", async () => {
  const notices = await readFile(folder.join("lint/dist/THIRD-PARTY-NOTICES.txt"), "utf8");
  const named = [...notices.matchAll(/^([@\w/-]+) \d+\.\d+\.\d+ \((.+)\)$/gm)];
  expect(named.map(([, name]) => name)).toEqual(
    expect.arrayContaining(["spdx-license-ids", "unbash", "yaml"]),
  );
  expect(
    named.filter(([, , licence = ""]) => !/^(?:MIT|ISC|Apache-2\.0|BSD-3-Clause|CC0-1\.0)$/.test(licence)),
  ).toEqual([]);
});

it("a release names the repository in both manifests", async () => {
  await using copy = await tempDir();
  for (const source of ["sdk", "lint"] as const) {
    mkdirSync(copy.join("packages", source), { recursive: true });
    await copyFile(folder.join(source, "package.json"), copy.join("packages", source, "package.json"));
  }
  mkdirSync(copy.join(".ci"));
  await copyFile(new URL("../../.ci/name-repository", import.meta.url), copy.join(".ci/name-repository"));
  await promisify(execFile)(copy.join(".ci/name-repository"), ["https://example.org/ada/tools"]);
  for (const source of ["sdk", "lint"] as const) {
    const before = JSON.parse(await readFile(folder.join(source, "package.json"), "utf8")) as Manifest;
    const after: unknown = JSON.parse(await readFile(copy.join("packages", source, "package.json"), "utf8"));
    expect(after).toEqual({
      ...before,
      repository: {
        type: "git",
        url: "git+https://example.org/ada/tools.git",
        directory: `packages/${source}`,
      },
      homepage: `https://example.org/ada/tools/tree/main/packages/${source}#readme`,
      bugs: { url: "https://example.org/ada/tools/issues" },
    });
  }
});

it("npm makes of a package's folder what the release makes", async () => {
  await using copy = await tempDir();
  const sources = new URL("../../", import.meta.url);
  const manifest = "packages/lint/package.json";
  for (const path of ["pnpm-workspace.yaml", "LICENSE", ".ci/npm-manifest", manifest]) {
    mkdirSync(dirname(copy.join(path)), { recursive: true });
    await copyFile(new URL(path, sources), copy.join(path));
  }
  mkdirSync(copy.join("packages/lint/node_modules"));
  for (const [name, path] of [
    ["docker-engine-sdk", "packages/sdk"],
    ["test-support", "test/support"],
  ] as const) {
    await symlink(fileURLToPath(new URL(path, sources)), copy.join("packages/lint/node_modules", name));
  }
  mkdirSync(copy.join("archive"));
  const { stdout } = await promisify(execFile)(
    "npm",
    ["pack", "--json", "--pack-destination=../../archive"],
    {
      cwd: copy.join("packages/lint"),
    },
  );
  const [packed] = JSON.parse(stdout) as readonly [{ readonly filename: string }];
  mkdirSync(copy.join("unpacked"));
  expect(await unpack(copy.join("archive", packed.filename), copy.join("unpacked"))).toEqual([
    "LICENSE",
    "package.json",
  ]);
  expect(await readFile(copy.join("unpacked/package.json"), "utf8")).toBe(
    await readFile(folder.join("lint/package.json"), "utf8"),
  );
  // And nothing of it stays.
  expect(await readFile(copy.join(manifest), "utf8")).toBe(
    await readFile(new URL(manifest, sources), "utf8"),
  );
  expect(await readdir(copy.join("packages/lint"))).toEqual(["node_modules", "package.json"]);
});

it("the SDK has types for every way of importing it", async () => {
  const archive = await readFile(archives.sdk);
  const result = await checkPackage(createPackageFromTarballData(archive), {
    excludeEntrypoints: [/\.json$/],
  });
  const problems = "problems" in result ? result.problems : undefined;
  // Resolution without `exports` was Node 10's.
  expect(problems?.filter((one) => !("resolutionKind" in one && one.resolutionKind === "node10"))).toEqual(
    [],
  );
});

function leaves(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}

/** Links in examples are none. */
function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^ *(`{3,})[^]*?^ *\1/gm, "").replaceAll(/`[^`\n]*`/g, "");
}
