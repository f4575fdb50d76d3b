import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { Docker } from "docker-engine-sdk";
import { label } from "test-support/engine";
import { engine } from "test-support/engine-under-test";
import { expect, test } from "vitest";

const folder = import.meta.dirname;

/** What each example must say; a file without a line here fails. */
const says: Readonly<Record<string, RegExp>> = {
  "background.ts":
    /^(port 80 is published at \S+:\d+\n)+it is running\nstopped now: true\nstill there: false\n$/,
  "build.ts": /hello from the context\n[\s\S]*RUN echo oh no && exit 7 ended with 7; it said: oh no/,
  "buildkit-cache.ts": /^left in (a folder: blobs|the image, )[\s\S]*cached: RUN echo expensive > \/work\n$/,
  "buildkit-lint.ts": /line 2: MaintainerDeprecated|no check: The BuildKit of this engine/,
  "buildkit-output.ts": /^made in a container\na tar of \d{4,} bytes\n$/,
  "buildkit-secrets.ts": /^the step saw 32 characters\nhistory holds the secret: false\n$/,
  "buildkit-ssh.ts": /^an agent answers here\nand no more in the next step\n$/,
  "commit.ts": /changed: \/note\n[\s\S]*the new image says: changed/,
  "copy.ts": /13 bytes inside: from outside\nand back: from outside/,
  "df.ts":
    /index\W+total\W+active\W+MB\W[\s\S]*images \W+\d+ \W+\d+ [\s\S]*containers [\s\S]*volumes [\s\S]*build cache /,
  "events.ts": /create (\w{12})\nstart \1\ndie \1\ndestroy \1\n$/,
  "exec.ts": /its name is \w{12}\nexit code 3\nthe shell says 42/,
  "layers.ts":
    /\+2 ~0 -0  RUN head [\s\S]*\+0 ~1 -1  RUN rm [\s\S]*\/small belongs to layer 2\n100006 bytes [\s\S]*100000 of \/big: deleted\n6 of \/small: metadata\n$/,
  "lint.ts": /1:13 warning DFL202 base-latest\n[\s\S]*LABEL org\.opencontainers\.image\.authors="Ada"/,
  "logs.ts": /stdout: tick 1\n[\s\S]*stderr: tock\n[\s\S]*stdout: tick 3\n/,
  "push-pull.ts": /^127\.0\.0\.1:\d+\/example@sha256:[0-9a-f]{64}$/m,
  "run.ts": /hello\n5\nexit code 1: ls: \/nowhere: No such file or directory/,
  "save-load.ts": /loaded .+: true\n$/,
  "tar-fs.ts": /^packed by tar-fs\n$/,
};

const examples = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.includes(".test."));

const tested = new Set(["demo.ts", "swarm.ts"]);

// One after the other with the demo, which looks at all images.
test.each(examples.filter((name) => !tested.has(name)))("%s runs and says what it should", async (name) => {
  const { code, stdout, stderr } = await run(join(folder, name));
  expect(stderr).not.toMatch(/Error|Warning/);
  expect(code).toBe(0);
  expect(stdout).toMatch(says[basename(name)] ?? /(?!)/);
});

test("swarm.ts makes a swarm, replaces tasks one by one and leaves", async () => {
  // Other tests find the shared engine in no swarm.
  await using own = await engine.startPrivate();
  const { code, stdout, stderr } = await run(join(folder, "swarm.ts"), { DOCKER_HOST: own.host });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(
    /^0 of 2 tasks run\n([012] of 2 tasks run\n)*2 of 2 tasks run\n\n(hello from version 1\n){2}hello from version 2\nhello from version 2\n$/,
  );
  await using docker = new Docker({ host: own.host });
  await expect(docker.swarm.inspect()).rejects.toThrow(/not a swarm manager/);
  expect(await docker.containers.list({ all: true })).toEqual([]);
});

test("the demo does the main job and leaves nothing behind", async () => {
  const docker = new Docker();
  const before = await docker.images.list({ all: true });
  const { code, stdout, stderr } = await run(join(folder, "demo.ts"));
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toMatch(/DFL103[\s\S]*DFL101[\s\S]*the manifest first: nothing to report\n[\s\S]*DFL101: /);
  expect(stdout).toMatch(
    /characters of the secret; the image holds it: false\n[\s\S]*Its RootFS layers\n(sha256:\w{12} +\d+ bytes  .+\n){4}[\s\S]*HELLO FROM THE NODE PROCESS\nexit code 0[\s\S]*ready[\s\S]*built on: Linux[\s\S]*and changed inside[\s\S]*docker-engine-sdk-demo@sha256:[\s\S]*2 of 3 fixes verify: equivalent, .* 8\.0 MB saved/,
  );
  expect(await docker.containers.list({ all: true, filters: { label: `${label}=demo` } })).toEqual([]);
  const ids = (images: typeof before): readonly string[] => images.map(({ Id }) => Id).toSorted();
  expect(ids(await docker.images.list({ all: true }))).toEqual(ids(before));
});

async function run(
  file: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn("tsx", ["-C", "source", file], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
