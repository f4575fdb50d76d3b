import { execFile } from "node:child_process";
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { ensurePackages } from "test-support/engine";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { ConfigError } from "../../errors.ts";
import { connectToKeys } from "./key-agent.ts";
import { readKeyFile } from "./key-file.ts";
import { WireReader, wireNumber, wireString } from "./wire.ts";

const run = promisify(execFile);

beforeAll(() => ensurePackages(["openssh-client"]));

async function keygen(folder: TempDir, name: string, ...args: string[]): Promise<string> {
  const path = folder.join(name);
  await run("ssh-keygen", ["-q", "-N", "", "-C", `${name}@test`, "-f", path, ...args]);
  return path;
}

const kinds: readonly (readonly string[])[] = [
  ["-t", "ed25519"],
  ["-t", "rsa", "-b", "2048"],
  ["-t", "rsa", "-b", "3072", "-m", "PEM"],
  ["-t", "rsa", "-m", "PKCS8"],
  ["-t", "ecdsa", "-b", "256"],
  ["-t", "ecdsa", "-b", "384", "-m", "PEM"],
  ["-t", "ecdsa", "-b", "521"],
];

describe("keys of every kind", () => {
  test.each(kinds)(
    "%s %s %s %s %s: the OpenSSH tools list them and take their signatures",
    async (...args) => {
      await using folder = await tempDir();
      const path = await keygen(folder, "key", ...args);
      const identity = await readKeyFile(path);
      const [type, blob] = (await readFile(`${path}.pub`, "utf8")).split(" ");
      expect(identity.blob.toString("base64")).toBe(blob);
      const server = createServer((socket) => {
        socket.pipe(connectToKeys([identity])).pipe(socket);
      }).listen(folder.join("agent"));
      const env = { ...process.env, SSH_AUTH_SOCK: folder.join("agent") };
      const { stdout } = await run("ssh-add", ["-L"], { env });
      expect(stdout).toContain(`${type} ${blob}`);
      // Signs through the agent and checks with the public key.
      await run("ssh-add", ["-T", `${path}.pub`], { env });
      await writeFile(folder.join("text"), "to be signed");
      await run("ssh-keygen", ["-Y", "sign", "-U", "-n", "test", "-f", `${path}.pub`, folder.join("text")], {
        env,
      });
      await writeFile(folder.join("allowed"), `me ${type} ${blob}\n`);
      const check = ["-Y", "check-novalidate", "-n", "test", "-s", folder.join("text.sig")];
      const checking = run("ssh-keygen", check);
      checking.child.stdin?.end("to be signed");
      expect((await checking).stdout).toContain("Good");
      // Many at a time: the numbers of a signature have all lengths.
      for (let index = 0; index < 40; index++) await run("ssh-add", ["-T", `${path}.pub`], { env });
      server.close();
    },
  );
});

test("an RSA key signs with the hash that is asked for", async () => {
  await using folder = await tempDir();
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const path = folder.join("key.pem");
  await writeFile(path, privateKey.export({ type: "pkcs1", format: "pem" }));
  const identity = await readKeyFile(path);
  for (const [flags, name, hash] of [
    [0, "ssh-rsa", "sha1"],
    [2, "rsa-sha2-256", "sha256"],
    [4, "rsa-sha2-512", "sha512"],
  ] as const) {
    const fields = new WireReader(identity.sign(Buffer.from("data"), flags));
    expect(fields.text()).toBe(name);
    expect(verify(hash, Buffer.from("data"), createPublicKey(privateKey), fields.bytes())).toBe(true);
  }
  expect(identity.comment).toBe("key.pem");
});

test("keys that cannot be used are named", async () => {
  await using folder = await tempDir();
  const fails = async (path: string, reason: RegExp): Promise<void> => {
    const error: unknown = await readKeyFile(path).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ path, message: expect.stringMatching(reason) });
    expect(String(error)).toContain(path);
  };
  for (const format of [[], ["-m", "PEM"], ["-m", "PKCS8"]]) {
    const path = await keygen(folder, `protected${format.length}${format[1] ?? ""}`, "-t", "rsa", ...format);
    await run("ssh-keygen", ["-q", "-p", "-P", "", "-N", "passphrase", ...format, "-f", path]);
    await fails(path, /protected by a passphrase; load it into an ssh agent/);
  }
  const { privateKey: dsa } = generateKeyPairSync("dsa", { modulusLength: 1024, divisorLength: 160 });
  await writeFile(folder.join("dsa"), dsa.export({ type: "pkcs8", format: "pem" }));
  await fails(folder.join("dsa"), /type dsa are not supported/);
  await writeFile(folder.join("text"), "no key");
  await fails(folder.join("text"), /it is no private key/);
  await fails(folder.join("nope"), /ENOENT/);
  const cut = await readFile(await keygen(folder, "whole", "-t", "ed25519"), "utf8");
  await writeFile(folder.join("cut"), cut.replace(/\n.{70}\n/, "\n"));
  await fails(folder.join("cut"), /cannot be used/);
});

test("other requests are refused, cut ones too, in whatever pieces they come", async () => {
  const agent = connectToKeys([]);
  const requests = [
    Buffer.of(11),
    Buffer.of(19), // remove all keys
    Buffer.concat([Buffer.of(13), wireString("no such key"), wireString("data"), wireNumber(0)]),
    Buffer.of(13, 0, 0),
    Buffer.alloc(0),
  ].map((request) => wireString(request));
  for (const byte of Buffer.concat(requests)) agent.write(Buffer.of(byte));
  agent.end();
  const chunks: AsyncIterable<Buffer> = agent;
  const answers: Buffer[] = [];
  for await (const chunk of chunks) answers.push(chunk);
  const refused = wireString(Buffer.of(5));
  expect(Buffer.concat(answers)).toEqual(
    Buffer.concat([wireString(Buffer.of(12, 0, 0, 0, 0)), refused, refused, refused, refused]),
  );
  const flooded = connectToKeys([]);
  const failed = new Promise((resolve) => flooded.once("error", resolve));
  flooded.write(Buffer.of(0xff, 0xff, 0xff, 0xff));
  expect(String(await failed)).toContain("too long");
});
