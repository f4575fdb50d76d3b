import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { Docker, type BuildEvent, type Image } from "docker-engine-sdk";
import { runChildScript } from "test-support/child-script";
import { proxyTo } from "test-support/engine-proxy";
import { engine, label } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";
import { tempDir } from "test-support/temp-dir";

const docker = new Docker({ host: engine.host, credentials: {} });
const labels = { [label]: "buildkit-stress-load" };
const unique = (): string => randomBytes(8).toString("hex");

/** All that a RUN printed, and the warnings. */
async function printedBy(command: string): Promise<{ text: string; warnings: string[] }> {
  const dockerfile = { text: `FROM ${engine.image}\nRUN ${command} # ${unique()}\n` };
  let text = "";
  const warnings: string[] = [];
  const building = docker.images.build({ builder: "buildkit", context: "none", dockerfile, labels });
  for await (const event of building) {
    if (event.type === "log") text += event.text;
    if (event.type === "warning") warnings.push(event.message);
  }
  await using image = removedAfter(await building);
  expect(image.id).toMatch(/^sha256:/);
  return { text, warnings };
}

const lines = (count: number, line: (number: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${line(index + 1)}\n`).join("");

test("10,000 lines printed fast arrive whole and in order, whatever they hold", async () => {
  expect(await printedBy("seq 10000")).toEqual({ text: lines(10_000, String), warnings: [] });
  // 160 kB of characters that get cut when pieces are: less than the engine lets through in a second.
  const wide = await printedBy("seq 8000 | sed 's/$/ 한글😀é/'");
  expect(wide).toEqual({ text: lines(8000, (number) => `${number} 한글😀é`), warnings: [] });
});

test("more than the engine lets through is said once per step to be missing", async () => {
  const { text, warnings } = await printedBy("seq 100000 | sed 's/^/this is what is printed in line /'");
  expect(warnings).toEqual([expect.stringMatching(/left out output of RUN seq.*clipped/s)]);
  const [whole = ""] = text.split("[output clipped");
  expect(whole.length).toBeGreaterThan(50_000);
  // The engine begins what it says with a line end.
  const all = lines(100_000, (number) => `this is what is printed in line ${number}`);
  expect(all.startsWith(whole.trimEnd())).toBe(true);
});

test("builds at once do not get in each other's way: 10 contexts, and 10 of one context", async () => {
  await using folder = await tempDir();
  await using proxy = await proxyTo(engine.host);
  const client = new Docker({ host: proxy.host, credentials: {} });
  const shared = folder.join("shared");
  await mkdir(shared);
  await writeFile(`${shared}/file`, "shared");
  const build = async (number: number, own: boolean): Promise<Image & AsyncDisposable> => {
    const context = own ? folder.join(String(number)) : shared;
    if (own) {
      await mkdir(context);
      await writeFile(`${context}/file`, `own ${number}`);
    }
    const mount = "--mount=type=secret,id=s";
    const text = `FROM ${engine.image}\nCOPY file /\nRUN ${mount} echo "$(cat /run/secrets/s) $(cat /file)" | tee /told\n`;
    const secret = `${own ? "own" : "shared"}-${number}-${unique()}`;
    const building = client.images.build({
      builder: "buildkit",
      context,
      // Steps are alike but for this; a secret is no part of them.
      dockerfile: { text: `${text}LABEL number=${own}-${number}\n` },
      labels,
      noCache: true,
      secrets: { s: { value: secret } },
    });
    const events: BuildEvent[] = [];
    for await (const event of building) events.push(event);
    const image = removedAfter(docker.images.get((await building).id));
    const { stdout } = await docker.containers.run({ image: image.id, command: ["cat", "/told"], labels });
    // BuildKit runs equal steps of builds at once only one time.
    expect(stdout).toMatch(
      own ? new RegExp(`^${secret} own ${number}\n$`) : /^shared-\d+-[0-9a-f]{16} shared\n$/,
    );
    return image;
  };
  const numbers = Array.from({ length: 10 }, (_, index) => index);
  const built = await Promise.all(numbers.flatMap((number) => [build(number, true), build(number, false)]));
  await Promise.all(built.map((image) => image[Symbol.asyncDispose]()));
  expect(new Set(built.map(({ id }) => id)).size).toBe(20);
  await proxy.closed(/\/(?:build|session|grpc)(?:\?|\s|$)/);
});

test("the library loads nothing of BuildKit's before a build needs it", async () => {
  const script = `
    import { Session } from "node:inspector";
        const inspector = new Session();
    inspector.connect();
    const loaded = new Set();
    inspector.on("Debugger.scriptParsed", ({ params }) => loaded.add(params.url));
    inspector.post("Debugger.enable");
    const { Docker } = await import(${JSON.stringify(new URL("../../packages/sdk/src/index.ts", import.meta.url).href)});
    const docker = new Docker({ host: process.env.ENGINE, credentials: {} });
    await docker.system.ping();
    const before = [...loaded];
    await docker.images.build({ builder: "buildkit", context: "none", dockerfile: { text: process.env.TEXT } });
    process.stdout.write(JSON.stringify({ before, after: [...loaded].filter((url) => !before.includes(url)) }));
  `;
  const { stdout, exitCode } = await runChildScript(script, {
    env: { ENGINE: engine.host, TEXT: `FROM ${engine.image}\n` },
  });
  expect(exitCode).toBe(0);
  const { before, after } = JSON.parse(stdout) as Record<"before" | "after", string[]>; // the script says so
  // What of the resources is about BuildKit only says what there is.
  const isOfBuildkit = (url: string): boolean =>
    /@bufbuild|\/src\/(?:buildkit|generated\/buildkit)\//.test(url);
  expect(before.some((url) => url.endsWith("/src/docker.ts"))).toBe(true);
  expect(before.filter(isOfBuildkit)).toEqual([]);
  expect(after.filter(isOfBuildkit).length).toBeGreaterThan(10);
});
