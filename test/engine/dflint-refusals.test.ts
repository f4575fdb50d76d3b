/** Work with an engine on several files: what goes wrong with one does not keep the others from it. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { engine } from "test-support/engine-under-test";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { CLI, dflint, writeFiles } from "../packages/dflint-run.ts";

let folder: TempDir;
beforeAll(async () => {
  folder = await tempDir();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** The engine, but for the first request of a kind, which it refuses. Only the classic builder does without upgrades. */
async function refusingOnce(
  path: string,
  kind: RegExp,
): Promise<AsyncDisposable & { readonly host: string }> {
  let isRefused = false;
  const server = createServer((incoming, response) => {
    if (!isRefused && kind.test(`${incoming.method} ${incoming.url}`)) {
      isRefused = true;
      response.writeHead(500, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ message: "the disk is full" }));
      return;
    }
    const { method, url, headers } = incoming;
    const onwards = request(
      { socketPath: new URL(engine.host).pathname, method, path: url, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    onwards.on("error", () => response.destroy());
    incoming.pipe(onwards);
  });
  server.listen(path);
  await once(server, "listening");
  return {
    host: `unix://${path}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const INSPECTION = /^GET \S*\/images\/sha256\S+\/json/;
const REFUSAL = "a/Dockerfile: The engine: the disk is full";

/** Two files that are built from each other's leavings would be one. */
function twoFiles(name: string): string {
  writeFiles(folder, {
    [`${name}/a/Dockerfile`]: `FROM ${engine.image}\nENV NAME a-${name}\n`,
    [`${name}/b/Dockerfile`]: `FROM ${engine.image}\nENV NAME b-${name}\n`,
  });
  return folder.join(name);
}

test("measure tells which file the engine refused, measures the others and ends with 2", async () => {
  await using proxy = await refusingOnce(folder.join("measure.sock"), INSPECTION);
  const args = ["measure", "a", "b", "-o", "json", "--builder", "classic", "--host", proxy.host];
  const { code, out, err } = await dflint(args, { folder: twoFiles("measure") });
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(REFUSAL) });
  expect(JSON.parse(out)).toMatchObject({
    measurements: [{ path: "b/Dockerfile" }],
    unbuilt: [],
    refused: [{ path: "a/Dockerfile", message: expect.stringContaining("the disk is full") }],
  });
});

test("fix --verify leaves that file as it is, and fixes the others", async () => {
  await using proxy = await refusingOnce(folder.join("fix.sock"), INSPECTION);
  const place = twoFiles("fix");
  const before = readFileSync(`${place}/a/Dockerfile`, "utf8");
  const args = [
    "fix",
    "--verify",
    "--only",
    "DFL707",
    "a",
    "b",
    "--builder",
    "classic",
    "--host",
    proxy.host,
  ];
  const { code, err } = await dflint(args, { folder: place });
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(REFUSAL) });
  expect(err).toContain("b/Dockerfile: 1 fix verifies");
  expect(readFileSync(`${place}/a/Dockerfile`, "utf8")).toBe(before);
  expect(readFileSync(`${place}/b/Dockerfile`, "utf8")).toContain("ENV NAME=b-fix");
});

test("what verifies and cannot be written is not said to be kept", async () => {
  const pipe = folder.join("Dockerfile");
  execFileSync("mkfifo", [pipe]);
  const child = spawn(process.execPath, [CLI, "fix", "--verify", "--only", "DFL707", pipe], {
    cwd: folder.path,
    env: { ...process.env, DOCKER_HOST: engine.host },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const writer = spawn("sh", ["-c", `printf 'FROM ${engine.image}\\nENV A b\\n' > "$0"`, pipe]);
  const [code] = (await once(child, "close")) as [number | null];
  writer.kill();
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("is no regular file") });
  expect(err).toContain("Not all of it could be written.");
  expect(err).not.toMatch(/\bkept\b/);
});

test("a secret that is not there is told by the option's name, before anything is built", async () => {
  const place = twoFiles("secret");
  const args = [
    "measure",
    "a",
    "--host",
    engine.host,
    "--secret",
    "id=npm,src=.npmrc",
    "-o",
    "json=out.json",
  ];
  const { code, err } = await dflint(args, { folder: place });
  expect({ code, err }).toEqual({
    code: 2,
    err: "dflint: --secret id=npm,src=.npmrc: .npmrc: cannot be read: no such file.\n",
  });
  expect(existsSync(`${place}/out.json`)).toBe(false);
});

test("the page is printed alone", async () => {
  const place = twoFiles("page");
  const page = await dflint(["measure", "a", "--host", engine.host, "--html", "-"], { folder: place });
  expect(page).toMatchObject({ code: 0, out: expect.stringMatching(/^<!doctype html>[^]*<\/html>\s*$/i) });
  const both = await dflint(["measure", "a", "--html", "-", "-o", "json=-"], { folder: place });
  expect(both).toMatchObject({ code: 2, out: "", err: expect.stringContaining("--html -") });
  expect(existsSync(`${place}/-`)).toBe(false);
});
