import { execFile } from "node:child_process";
import { open, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { Docker } from "docker-engine-sdk";
import { engine } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";
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

const size = 512 * MiB;
const sumOfZeros = "9acca8e8c22201155389f65abbf6bc9723edc7384ead80503839f49dcc56d767";

test.each([
  ["classic", ""],
  // BuildKit takes only what is used.
  ["buildkit", "RUN --mount=target=/context sha256sum /context/big > /sum\n"],
])(`a context of ${size / MiB} MiB takes less than 200 MiB of memory: %s`, async (builder, use) => {
  await using folder = await tempDir();
  await writeFile(folder.join("Dockerfile"), `FROM ${engine.image}\n${use}`);
  const big = await open(folder.join("big"), "w");
  await big.truncate(size);
  await big.close();
  const { id, rss } = JSON.parse(
    await output(new URL("./build-memory-program.ts", import.meta.url), engine.host, folder.path, builder),
  ) as {
    id: string;
    rss: number;
  };
  if (builder === "classic") {
    expect(id).toBe((await docker.images.get(engine.image).inspect()).Id);
  } else {
    await using image = removedAfter(docker.images.get(id));
    const { stdout } = await docker.containers.run({ image: image.id, command: ["cat", "/sum"] });
    expect(stdout).toContain(sumOfZeros);
  }
  expect(rss).toBeLessThan(200 * MiB);
});

test.each(["classic", "buildkit"])("a process that leaves a build ends by itself: %s", async (builder) => {
  expect(
    await output(new URL("./build-exit-program.ts", import.meta.url), engine.host, engine.image, builder),
  ).toBe("left");
});
