import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { ConfigError, Docker, type BuildEvent } from "docker-engine-sdk";
import { ensurePackages } from "test-support/engine";
import { engine, label } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";
import { tempDir, type TempDir } from "test-support/temp-dir";

const docker = new Docker({ host: engine.host, credentials: {} });
const labels = { [label]: "buildkit-ssh" };
const run = promisify(execFile);

beforeAll(() => ensurePackages(["openssh-client", "openssh-server"]));

async function keygen(folder: TempDir, name: string, ...args: string[]): Promise<string> {
  const path = folder.join(name);
  await run("ssh-keygen", ["-q", "-N", "", "-C", name, "-f", path, ...args]);
  return path;
}

/** Programs of this machine with the libraries they need: the engine's image has only a shell. */
async function programs(...paths: string[]): Promise<Record<string, { content: Buffer; mode: number }>> {
  const { stdout } = await run("ldd", paths);
  const libraries = [...stdout.matchAll(/\s(\/\S+)\s\(/g)].map(([, path = ""]) => path);
  const files = [...new Set([...paths, ...libraries])].map(async (path) => {
    return [path.slice(1), { content: await readFile(path), mode: 0o755 }] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}

/** A real sshd beside the engine that lets root in by these keys. */
async function serverFor(folder: TempDir, publicKeys: string): Promise<{ port: number } & AsyncDisposable> {
  if (process.getuid?.() === 0) await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  await keygen(folder, "server-key", "-t", "ed25519");
  await writeFile(folder.join("authorized"), publicKeys);
  const port = randomInt(20_000, 30_000);
  const config = [
    `HostKey ${folder.join("server-key")}`,
    `AuthorizedKeysFile ${folder.join("authorized")}`,
    "PermitRootLogin prohibit-password",
    "StrictModes no",
    "UsePAM no",
    "PidFile none",
    "ListenAddress 127.0.0.1",
    `Port ${port}`,
  ];
  await writeFile(folder.join("sshd_config"), `${config.join("\n")}\n`);
  const sshd = engine.inNamespace("/usr/sbin/sshd", ["-D", "-e", "-f", folder.join("sshd_config")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (sshd.stderr === null) throw new Error("its standard error is a pipe");
  const lines = createInterface(sshd.stderr);
  for await (const line of lines) if (line.includes("Server listening")) break;
  sshd.stderr.resume();
  return {
    port,
    async [Symbol.asyncDispose]() {
      const ended = once(sshd, "exit");
      sshd.kill();
      await ended;
    },
  };
}

test("a step logs in to a server with keys from files, which stay out of the image", async () => {
  await using folder = await tempDir();
  const keys = await Promise.all([
    keygen(folder, "plain", "-t", "ed25519"),
    keygen(folder, "long", "-t", "rsa", "-b", "2048", "-m", "PEM"),
    keygen(folder, "curve", "-t", "ecdsa"),
  ]);
  const [plain, ...others] = keys;
  const publicKeys = await Promise.all(keys.map((path) => readFile(`${path}.pub`, "utf8")));
  await using server = await serverFor(folder, publicKeys.join(""));
  const login = "ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes";
  const to = `-p ${server.port} root@127.0.0.1`;
  const text = `FROM ${engine.image}
COPY . /
RUN --mount=type=ssh ssh-add -l > /first && ${login} ${to} echo let in >> /first
RUN --mount=type=ssh,id=others ssh-add -L > /others && for name in long curve; do \\
      ssh-add -L | grep $name > /$name.pub; ${login} -i /$name.pub -o IdentitiesOnly=yes ${to} echo $name; \\
    done >> /others
RUN --mount=type=ssh,id=others ssh-add -D 2>&1; ssh-add -l | wc -l > /left
`;
  const operation = docker.images.build({
    context: {
      files: {
        ...(await programs("/usr/bin/ssh", "/usr/bin/ssh-add")),
        "etc/passwd": "root:x:0:0:root:/:/bin/sh\n",
      },
    },
    dockerfile: { text },
    network: "host",
    ssh: { default: { keys: plain }, others: { keys: others } },
    noCache: true,
    labels,
  });
  const events: BuildEvent[] = [];
  for await (const event of operation) events.push(event);
  await using image = removedAfter(await operation);
  const read = async (path: string): Promise<string> =>
    (await docker.containers.run({ image: image.id, command: ["cat", path], labels })).stdout;
  expect(await read("/first")).toMatch(/^256 SHA256:\S+ plain \(ED25519\)\nlet in\n$/);
  expect(await read("/others")).toMatch(/^ssh-rsa \S+ long\necdsa-sha2-nistp256 \S+ curve\nlong\ncurve\n$/);
  expect(await read("/left")).toBe("2\n");
  const saved = Buffer.from(await (await image.save()).bytes());
  for (const path of keys) {
    const [, line = ""] = (await readFile(path, "utf8")).split("\n");
    expect(saved.includes(line)).toBe(false);
    expect(JSON.stringify(events)).not.toContain(line);
  }
});

test("a key with a passphrase is refused by its name before the build begins", async () => {
  await using folder = await tempDir();
  const path = folder.join("id");
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "passphrase", "-f", path]);
  const build = docker.images.build({
    context: "none",
    dockerfile: { text: `FROM ${engine.image}\nRUN --mount=type=ssh true\n` },
    ssh: { default: { keys: [path] } },
    labels,
  });
  const error: unknown = await build.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(ConfigError);
  expect(error).toMatchObject({ path, message: expect.stringContaining("passphrase") });
});
