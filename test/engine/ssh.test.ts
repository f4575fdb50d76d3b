import { createHash, randomBytes } from "node:crypto";
import { appendFile, readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConnectionError, Docker, EngineGoneError, type Container } from "docker-engine-sdk";
import { runChildScript } from "test-support/child-script";
import { proxyTo, type EngineProxy } from "test-support/engine-proxy";
import { engine, label } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";
import { startSshServer, type SshServer } from "test-support/ssh-server";
import { rejection } from "test-support/rejection";

const labels = { [label]: "ssh" };
const sdk = new URL("../../packages/sdk/src/index.ts", import.meta.url).href;
const { image } = engine;
let proxy: EngineProxy;
let server: SshServer;
let docker: Docker;
let box: Container;

beforeAll(async () => {
  proxy = await proxyTo(engine.host);
  server = await startSshServer({ DOCKER_HOST: engine.host });
  docker = new Docker({ host: `ssh://${server.address}`, env: server.env, credentials: {} });
  const command = ["sh", "-c", "echo ready; exec sleep 1000"];
  box = await docker.containers.start({ image, labels, command });
});
afterAll(async () => {
  await box.remove({ force: true });
  await docker[Symbol.asyncDispose]();
  await server.idle();
  await server[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

/** The children of this process by that name. */
async function children(name: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const entry of await readdir("/proc")) {
    const stat = /^\d+$/.test(entry) ? await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "") : "";
    const [, comm, parent] = /^\d+ \((.*)\) \S (\d+) /s.exec(stat) ?? [];
    if (comm === name && Number(parent) === process.pid) found.push(Number(entry));
  }
  return found;
}

describe("an engine behind ssh", () => {
  test("is the one that docker uses there", async () => {
    expect(docker.host).toBe(`ssh://${server.address}`);
    expect(await docker.apiVersion()).toBe(engine.apiVersion);
    expect((await docker.containers.get(box.id).inspect()).Config?.Labels).toMatchObject(labels);
  });

  test("is found by DOCKER_HOST, by the names of ssh's configuration and by the path of its socket", async () => {
    const path = engine.socketPath;
    if (path === undefined) throw new Error("an engine on TCP has no path to find it by");
    const env = { ...server.env, DOCKER_HOST: `ssh://known${path}` };
    await using named = new Docker({ env });
    expect(named.host).toBe(env.DOCKER_HOST);
    expect((await named.containers.get(box.id).inspect()).Id).toBe(box.id);
  });

  test("half-closes stdin, keeps both outputs apart and tells exit codes", async () => {
    const counted = await box.exec(["wc", "-c"], { input: "hello" });
    expect(counted.stdout.trim()).toBe("5");
    const result = await box.exec(["sh", "-c", "echo out; echo err >&2; exit 3"], { check: false });
    expect(result).toMatchObject({ stdout: "out\n", stderr: "err\n", exitCode: 3 });
  });

  test("passes 16 MiB both ways, byte for byte", async () => {
    const data = randomBytes(16 * 1024 * 1024);
    const hash = createHash("sha256");
    const copying = box.exec(["cat"], { input: data, maxBytes: 0 });
    let size = 0;
    for await (const { data: chunk } of copying) {
      hash.update(chunk);
      size += chunk.length;
    }
    await copying;
    expect(size).toBe(data.length);
    expect(hash.digest("hex")).toBe(createHash("sha256").update(data).digest("hex"));
  });

  test.each(["classic", "buildkit"] as const)(
    "builds with the %s builder what is uploaded",
    async (builder) => {
      const data = randomBytes(3_000_000).toString("hex");
      const files = { Dockerfile: `FROM ${image}\nCOPY data /data\nRUN wc -c < /data > /size\n`, data };
      await using built = removedAfter(await docker.images.build({ context: { files }, labels, builder }));
      const { stdout } = await docker.containers.run({ image: built.id, command: ["cat", "/size"], labels });
      expect(stdout.trim()).toBe(String(data.length));
    },
  );

  test("runs and attaches", async () => {
    const { stdout } = await docker.containers.run({ image, command: ["cat"], input: "through", labels });
    expect(stdout).toBe("through");
  });

  test("lets 100 calls in that begin at once, though sshd turns away who comes while ten log in", async () => {
    await using strict = await startSshServer({ DOCKER_HOST: engine.host }, "10:100:10");
    await using own = new Docker({ host: `ssh://${strict.address}`, env: strict.env });
    const mine = own.containers.get(box.id);
    // Streams, which need a connection each, and short calls.
    const streams = Array.from({ length: 50 }, async () => {
      for await (const { text } of mine.logs({ follow: true }).lines()) return text;
      return "nothing";
    });
    const calls = Array.from({ length: 50 }, async () => (await mine.inspect()).Id);
    expect(new Set(await Promise.all(streams))).toEqual(new Set(["ready"]));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([box.id]));
    expect(strict.connections).toBeGreaterThanOrEqual(50);
  });

  test("is reached through one login when ssh shares its connection (ControlPersist)", async () => {
    await using shared = await startSshServer({ DOCKER_HOST: engine.host });
    const folder = shared.env["PATH"]?.split(":")[0] ?? "";
    const sharing = [
      "Host *",
      "  ControlMaster auto",
      `  ControlPath ${folder}/control`,
      "  ControlPersist 60",
    ];
    await appendFile(`${folder}/config`, `${sharing.join("\n")}\n`);
    await using own = new Docker({ host: `ssh://${shared.address}`, env: shared.env });
    const mine = own.containers.get(box.id);
    await mine.inspect();
    // sshd lets a login have ten sessions (MaxSessions), those that are just ending among them; ssh makes more logins.
    const calls = Array.from({ length: 4 }, () => mine.exec(["echo", "shared"]));
    for (const { stdout } of await Promise.all(calls)) expect(stdout).toBe("shared\n");
    // The one that was first goes on alone once ssh has left it behind.
    expect(shared.connections).toBe(1);
    const lost = rejection(
      (async () => {
        for await (const _ of mine.logs({ follow: true }).lines()) shared.cut();
      })(),
    );
    expect(await lost).toBeInstanceOf(EngineGoneError);
    expect((await mine.inspect()).Id).toBe(box.id);
    shared.cut();
  });

  test("serves many short calls over four connections", async () => {
    await using own = new Docker({ host: `ssh://${server.address}`, env: server.env });
    const before = server.connections;
    const calls = Array.from({ length: 60 }, () => own.containers.get(box.id).inspect());
    for (const { Id } of await Promise.all(calls)) expect(Id).toBe(box.id);
    expect(server.connections - before).toBeLessThanOrEqual(4);
  });
});

describe("what is left", () => {
  test("is nothing after a break-out of a stream: neither ssh nor the engine's connection", async () => {
    await using other = await startSshServer({ DOCKER_HOST: proxy.host });
    await using own = new Docker({ host: `ssh://${other.address}`, env: other.env });
    for await (const { text } of own.containers.get(box.id).logs({ follow: true }).lines()) {
      expect(text).toBe("ready");
      expect(proxy.open(/logs/)).toBe(1);
      break;
    }
    await proxy.closed(/logs/);
    await own.close();
    await other.idle();
  });

  test("is no process that waits for idle connections, nor ssh after it", async () => {
    await using other = await startSshServer({ DOCKER_HOST: engine.host });
    const script = `
      import { Docker } from ${JSON.stringify(sdk)};
      const docker = new Docker();
      const box = docker.containers.get(${JSON.stringify(box.id)});
      await Promise.all([box.inspect(), box.inspect(), box.exec(["true"])]);
      for await (const { text } of box.logs({ follow: true }).lines()) { console.log(text); break; }
    `;
    const env = { ...other.env, DOCKER_HOST: `ssh://${other.address}` };
    expect(await runChildScript(script, { env })).toEqual({
      stdout: "ready\n",
      stderr: "",
      exitCode: 0,
      killedBy: null,
    });
    await other.idle();
  });
});

describe("a failure", () => {
  test("to trust the host is told in ssh's own words", async () => {
    const host = `ssh://${server.address}`;
    await using stranger = new Docker({ host, env: server.strangerEnv });
    const error = await rejection(stranger.system.info());
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).not.toBeInstanceOf(EngineGoneError);
    expect(error).toMatchObject({ host, tried: [`${host} (option "host")`], operation: "SystemPing" });
    expect(String(error)).toMatch(/Host key verification failed[^]*without a question/);
  });

  test("to recognise the host is told too, and nothing is sent", async () => {
    const before = server.connections;
    await using deceived = new Docker({ host: `ssh://${server.address}`, env: server.deceivedEnv });
    const error = await rejection(deceived.containers.list());
    expect(error).toBeInstanceOf(ConnectionError);
    expect(String(error)).toMatch(/REMOTE HOST IDENTIFICATION HAS CHANGED[^]*Host key verification failed/);
    expect(server.connections - before).toBe(1);
  });

  test("to log in, to reach the host or to find the socket there is told too", async () => {
    const nobody = server.address.replace(/^.*@/, "nobody@");
    for (const [host, words] of [
      [`ssh://${nobody}`, /Permission denied|Connection closed/],
      ["ssh://127.0.0.1:1", /Connection refused/],
      ["ssh://known/no/such.sock", /no such file/],
    ] as const) {
      await using lost = new Docker({ host, env: server.env });
      const error = await rejection(lost.system.info());
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ code: "CONNECTION_FAILED", host });
      expect(String(error)).toMatch(words);
    }
  });

  test("of a call that was aborted is the caller's reason", async () => {
    const reason = new Error("changed my mind");
    await using own = new Docker({ host: `ssh://${server.address}`, env: server.env });
    const controller = new AbortController();
    const waiting = own.containers.get(box.id).wait({ signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    expect(await rejection(waiting)).toBe(reason);
  });

  test.each(["SIGKILL", "SIGTERM"] as const)(
    "of ssh itself by %s is the loss of the engine",
    async (signal) => {
      await using own = new Docker({ host: `ssh://${server.address}`, env: server.env });
      const mine = own.containers.get(box.id);
      const before = new Set(await children("ssh"));
      const following = (async () => {
        for await (const _ of mine.logs({ follow: true }).lines()) {
          for (const pid of await children("ssh")) if (!before.has(pid)) process.kill(pid, signal);
        }
      })();
      const lost = await rejection(following);
      expect(lost).toBeInstanceOf(EngineGoneError);
      expect((await mine.exec(["echo", "again"])).stdout).toBe("again\n");
    },
  );

  test("of ssh in the middle of a stream is the loss of the engine", async () => {
    await using other = await startSshServer({ DOCKER_HOST: proxy.host });
    await using own = new Docker({ host: `ssh://${other.address}`, env: other.env });
    const mine = own.containers.get(box.id);
    const following = (async () => {
      for await (const _ of mine.logs({ follow: true }).lines()) other.cut();
    })();
    const lost = await rejection(following);
    expect(lost).toBeInstanceOf(EngineGoneError);
    expect(lost).toMatchObject({ host: own.host });
    expect(String(lost)).toMatch(/ssh ended with code 255/);

    const executing = mine.exec(["sh", "-c", "echo begun; sleep 1000"]);
    const cutExec = (async () => {
      for await (const _ of executing) other.cut();
    })();
    expect(await rejection(cutExec)).toBeInstanceOf(EngineGoneError);

    const waiting = mine.wait();
    waiting.catch(() => undefined);
    await proxy.requested(/wait/);
    await own.system.ping();
    other.cut();
    expect(await rejection(waiting)).toBeInstanceOf(ConnectionError);
    // The next call makes a connection of its own.
    expect((await mine.inspect()).Id).toBe(box.id);
  });
});
