import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Docker, type Container } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";

const MiB = 1024 * 1024;
const docker = new Docker({ host: engine.host, credentials: {} });
const { image } = engine;

describe("a reader that is slower than the engine", () => {
  let box: Container;
  beforeAll(async () => {
    const command = ["sh", "-c", `yes ${"x".repeat(1023)} | head -c ${300 * MiB}`];
    box = await docker.containers.start({ image, command, labels: { [label]: "pressure" } });
    await box.wait({ condition: "not-running" });
  });
  afterAll(() => box.remove({ force: true }));

  test.each(["bytes", "lines", "readable"])(
    "holds little of a log of 300 MiB that it reads as %s",
    async (how) => {
      const program = fileURLToPath(new URL("./streams-memory-program.ts", import.meta.url));
      const flags = ["--import", "tsx", "-C", "source", program, engine.host, box.id, how];
      const { stdout } = await promisify(execFile)(process.execPath, flags);
      const { read, before, most } = JSON.parse(stdout) as { read: number; before: number; most: number };
      expect(read).toBe(300 * MiB);
      // Besides what loading the client and collecting garbage late take.
      expect(most - before).toBeLessThan(100 * MiB);
    },
  );
});
