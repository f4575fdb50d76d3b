/** `dflint --registry` asks a real registry, without and with accounts. */
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Docker } from "docker-engine-sdk";
import type { PrivateEngine } from "test-support/engine/start";
import { engine } from "test-support/engine-under-test";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { CLI } from "../packages/dflint-run.ts";

let own: PrivateEngine;
let address: string;
let account: { readonly username: string; readonly password: string };
let image: string;
let digest: string;
let folder: TempDir;

beforeAll(async () => {
  own = await engine.startPrivate();
  const registry = await own.startRegistry({ port: 5001, htpasswd: true });
  if (registry.credentials === undefined) throw new Error("the registry was started with accounts");
  ({ address, credentials: account } = { ...registry, credentials: registry.credentials });
  image = `${address}/dflint/app:1`;
  folder = await tempDir();
  await using docker = new Docker({ host: own.host, credentials: { [address]: account } });
  await docker.images.get(own.image).tag(image);
  const pushed = await docker.images.get(image).push();
  digest = pushed.digest ?? "";
});
afterAll(async () => {
  await own.remove();
  await folder[Symbol.asyncDispose]();
});

async function dflint(
  config: object,
  ...args: readonly string[]
): Promise<{ code: number | null; out: string; err: string }> {
  await writeFile(folder.join("config.json"), JSON.stringify(config));
  const child = own.inNamespace(process.execPath, [CLI, "--only", "DFL203", "--registry", ...args], {
    cwd: folder.path,
    env: { ...process.env, DOCKER_CONFIG: folder.path, DOCKER_AUTH_CONFIG: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (err += text));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, err };
}

test("the digest of a tag is that of the push, and is written behind the tag", async () => {
  const auth = Buffer.from(`${account.username}:${account.password}`).toString("base64");
  const config = { auths: { [address]: { auth } } };
  await writeFile(
    folder.join("Dockerfile"),
    `FROM ${image} AS a\nFROM a\nFROM ${image}@${digest}\nFROM scratch\n`,
  );
  const told = await dflint(config, "Dockerfile");
  expect(told.err).toBe("");
  expect(told.out).toContain(`${image} is ${digest} today`);
  expect(told.out).toContain("1 finding ");
  const fixed = await dflint(config, "--fix-unsafe", "Dockerfile");
  expect(fixed.err).toBe("");
  expect(await readFile(folder.join("Dockerfile"), "utf8")).toContain(`FROM ${image}@${digest} AS a\n`);
});

test("what cannot be found out is a warning that names the image, and no password", async () => {
  await writeFile(folder.join("Dockerfile"), `FROM ${image}\nFROM ${address}/dflint/none:1\n`);
  const none = await dflint({}, "Dockerfile");
  expect(none.code).toBe(0);
  expect(none.err).toContain(`${image}: ${address} does not let you read it; see docker login.`);
  const auth = Buffer.from(`${account.username}:wrong-horse`).toString("base64");
  const wrong = await dflint({ auths: { [address]: { auth } } }, "Dockerfile");
  expect(wrong.err).toContain("see docker login");
  expect(wrong.err).not.toContain("wrong-horse");
  expect(wrong.err).not.toContain(auth);
  const right = Buffer.from(`${account.username}:${account.password}`).toString("base64");
  const missing = await dflint({ auths: { [address]: { auth: right } } }, "Dockerfile");
  expect(missing.err).toContain(`${address} has no ${address}/dflint/none:1.`);
});
