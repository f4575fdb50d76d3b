import { execFile } from "node:child_process";
import { open, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { Docker } from "docker-engine-sdk";
import { engine } from "test-support/engine-under-test";
import { tempDir } from "test-support/temp-dir";

const MiB = 1024 * 1024;
const docker = new Docker({ host: engine.host, credentials: {} });

/** Runs a program in a process of its own, and answers what it prints. */
async function output(program: URL, ...args: string[]): Promise<string> {
  const file = fileURLToPath(program);
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    "-C",
    "source",
    file,
    ...args,
  ]);
  return stdout;
}

test("a context of 1 GiB takes less than 200 MiB of memory", async () => {
  await using folder = await tempDir();
  await writeFile(folder.join("Dockerfile"), `FROM ${engine.image}\n`);
  const big = await open(folder.join("big"), "w");
  await big.truncate(1024 * MiB);
  await big.close();
  const { id, rss } = JSON.parse(
    await output(new URL("./build-memory-program.ts", import.meta.url), engine.host, folder.path),
  ) as {
    id: string;
    rss: number;
  };
  expect(id).toBe((await docker.images.get(engine.image).inspect()).Id);
  expect(rss).toBeLessThan(200 * MiB);
});

test("a process that leaves a build ends by itself", async () => {
  expect(await output(new URL("./build-exit-program.ts", import.meta.url), engine.host, engine.image)).toBe(
    "left",
  );
});
