/** What it takes to copy much: of the client, whatever the engine. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { Docker, type Container } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";
import { tempDir } from "test-support/temp-dir";
import { treeOf } from "./tree-of.ts";

const MiB = 1024 * 1024;
const docker = new Docker({ host: engine.host, credentials: {} });
const run = promisify(execFile);

async function created(): Promise<Container & AsyncDisposable> {
  return removedAfter(
    await docker.containers.create({ Image: engine.image, Labels: { [label]: "copy-large" } }),
  );
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Copies in and out again in a process of its own; the most memory that it held, in bytes. */
async function copyElsewhere(box: Container, path: string, name: string, back: string): Promise<number> {
  const program = fileURLToPath(new URL("./copy-memory-program.ts", import.meta.url));
  const flags = ["--import", "tsx", "-C", "source"];
  const { stdout } = await run(process.execPath, [...flags, program, engine.host, box.id, path, name, back]);
  return (JSON.parse(stdout) as { rss: number }).rss;
}

describe("comes back as it went", () => {
  test("a tree of 20,000 files", async () => {
    await using folder = await tempDir();
    for (let i = 0; i < 200; i++) {
      const sub = folder.join("tree", `folder ${i % 20}`, `${i}`);
      await mkdir(sub, { recursive: true });
      await Promise.all(
        Array.from({ length: 100 }, (_, j) => writeFile(join(sub, `${j}`), `file ${i} ${j}`)),
      );
    }
    await using box = await created();
    expect(await copyElsewhere(box, folder.join("tree"), "tree", folder.join("back"))).toBeLessThan(
      250 * MiB,
    );
    const before = await treeOf(folder.join("tree"));
    expect(before.size).toBe(20_000 + 200 + 20);
    expect(await treeOf(folder.join("back/tree"))).toEqual(before);
  });

  test("a sparse file of 1 GiB, as a sparse file, in little memory", async () => {
    await using folder = await tempDir();
    const file = await open(folder.join("sparse"), "w");
    await file.write("begin", 0);
    await file.write("middle", 700 * MiB + 1);
    await file.truncate(1024 * MiB);
    await file.close();
    await using box = await created();
    const rss = await copyElsewhere(box, folder.join("sparse"), "sparse", folder.join("back"));
    expect(rss).toBeLessThan(250 * MiB);
    const back = await stat(folder.join("back/sparse"));
    expect(back.size).toBe(1024 * MiB);
    expect(back.blocks * 512).toBeLessThan(16 * MiB);
    expect(await sha256(folder.join("back/sparse"))).toBe(await sha256(folder.join("sparse")));
    expect((await box.stat("/sparse")).size).toBe(1024 * MiB);
  });

  test("a file of 300 MiB in little memory", async () => {
    await using folder = await tempDir();
    await run("sh", ["-c", 'head -c 314572800 /dev/urandom > "$0"', folder.join("large")]);
    await using box = await created();
    const rss = await copyElsewhere(box, folder.join("large"), "large", folder.join("back"));
    expect(rss).toBeLessThan(250 * MiB);
    expect(await sha256(folder.join("back/large"))).toBe(await sha256(folder.join("large")));
  });
});
