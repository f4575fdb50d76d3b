import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { engine } from "test-support/engine-under-test";
import { defaultRelease } from "test-support/engine/versions";

const root = fileURLToPath(new URL("../..", import.meta.url));

// Less than a minute of one engine; `npm run soak -- --version V` soaks the others.
describe.runIf(engine.version === defaultRelease)(
  "40 seconds of what `npm run soak` does for a quarter of an hour",
  () => {
    test("mixed work on an engine that is killed at random, and a crowd of containers", async () => {
      const seed = String(Math.trunc(Math.random() * 2 ** 31));
      const program = ["--expose-gc", "--import=tsx", "--conditions=source", "bench/src/soak/run.ts"];
      const sizes = ["--seconds", "40", "--containers", "64", "--seed", seed];
      const child = spawn(process.execPath, [...program, ...sizes], {
        cwd: root,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ended = once(child, "close") as Promise<[number | null]>;
      const [said, errors, [status]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
      expect({ status, output: status === 0 ? "" : said + errors }).toEqual({ status: 0, output: "" });
    });
  },
);
