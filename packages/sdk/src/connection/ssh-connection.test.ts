import { once } from "node:events";
import { chmod, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startFakeEngine, type FakeEngine, type FakeHandler } from "test-support/fake-engine";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { Docker } from "../docker.ts";
import { ConnectionError, EngineGoneError } from "../errors.ts";

const path = { id: "web" };
const thrown = (error: unknown): unknown => error;

/** One `ssh` that was started. */
interface Started {
  /** Lets it log in and connect to the engine. */
  login(): void;
  /** Ends it with a code, after these words. */
  end(code: number, words?: string): void;
  /** Ends it with a code, while a process that it has started goes on with its outputs for a second. */
  leave(code: number): void;
  /** It is gone, and nothing that is written to it is taken any more. */
  readonly closed: Promise<void>;
}

interface FakeSsh extends AsyncDisposable {
  readonly engine: FakeEngine;
  readonly docker: Docker;
  readonly started: readonly Started[];
  /** Called with each that was started. */
  onStarted: (one: Started) => void;
}

/** It does what it is told over a socket: a line of JSON each. */
const program = (engine: string, control: string): string => `#!${process.execPath}
const { connect } = require("node:net");
const { spawn } = require("node:child_process");
const orders = {
  login() {
    process.stderr.write('Authenticated to engine ([::1]:22) using "publickey".\\r\\n');
    const socket = connect(${JSON.stringify(engine)});
    process.stdin.pipe(socket).pipe(process.stdout);
  },
  end(code, words) {
    process.stderr.write(words + "\\r\\nTransferred: sent 1, received 1 bytes, in 0.1 seconds\\r\\n", () => process.exit(code));
  },
  leave(code) {
    spawn("/bin/sleep", ["1"], { stdio: "inherit", detached: true });
    process.exit(code);
  },
};
connect(${JSON.stringify(control)}, function () {
  this.write(String(process.pid));
}).on("data", (data) => {
  for (const line of data.toString().trim().split("\\n")) {
    const [order, ...rest] = JSON.parse(line);
    orders[order](...rest);
  }
});
`;

/** A process that closes its socket to us still has its input open for a moment. */
async function gone(socket: Socket): Promise<void> {
  const over = new Promise((resolve) => socket.once("close", resolve));
  const pid = await new Promise<number>((resolve) =>
    socket.once("data", (data: Buffer) => resolve(Number(data.toString()))),
  );
  await over;
  while (isThere(pid)) await sleep(1);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A client whose `ssh` is ours. */
async function fakeSsh(handler?: FakeHandler): Promise<FakeSsh> {
  const folder: TempDir = await tempDir();
  const engine = await startFakeEngine(handler ?? ((exchange) => exchange.json(200, {})));
  const started: Started[] = [];
  const sockets = new Set<Socket>();
  const control = createServer((socket) => {
    sockets.add(socket);
    const order = (...words: readonly unknown[]): void => void socket.write(`${JSON.stringify(words)}\n`);
    socket.on("error", () => undefined);
    const one: Started = {
      login: () => order("login"),
      end: (code, words = "") => order("end", code, words),
      leave: (code) => order("leave", code),
      closed: gone(socket),
    };
    started.push(one);
    all.onStarted(one);
  });
  control.listen(folder.join("control.sock"));
  await once(control, "listening");
  await writeFile(folder.join("ssh"), program(engine.socketPath ?? "", folder.join("control.sock")));
  await chmod(folder.join("ssh"), 0o755);
  const docker = new Docker({ host: "ssh://engine", env: { PATH: folder.path }, apiVersion: "1.41" });
  const all: FakeSsh = {
    engine,
    docker,
    started,
    onStarted: (one) => one.login(),
    async [Symbol.asyncDispose]() {
      await docker[Symbol.asyncDispose]();
      for (const socket of sockets) socket.destroy();
      control.close();
      await engine.close();
      await folder[Symbol.asyncDispose]();
    },
  };
  return all;
}

describe("an ssh that ends", () => {
  it("before it has logged in has reached nothing; its own words are kept, its chatter is not", async () => {
    await using ssh = await fakeSsh();
    ssh.onStarted = (one) => one.end(255, "Host key verification failed.");
    const error = await ssh.docker.call("ContainerStart", { path }).catch(thrown);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).not.toBeInstanceOf(EngineGoneError);
    expect(String(error)).toMatch(
      /ssh ended with code 255: Host key verification failed\.\nDoes "ssh" reach/,
    );
    expect(ssh.started).toHaveLength(1);
  });

  it("with the code of the command there has reached no engine", async () => {
    await using ssh = await fakeSsh((exchange) => void exchange);
    ssh.onStarted = (one) => {
      one.login();
      one.end(127, "sh: docker: not found");
    };
    const error = await ssh.docker.call("ContainerStart", { path }).catch(thrown);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).not.toBeInstanceOf(EngineGoneError);
    expect(String(error)).toMatch(/code 127: sh: docker: not found\nDoes "ssh" .* has it a "docker"/);
    expect(String(error)).not.toMatch(/Authenticated|Transferred/);
  });

  it("after the request has left may have reached the engine, also when nothing has come back yet", async () => {
    await using ssh = await fakeSsh(() => ssh.started[0]?.end(255, "Connection closed by remote host."));
    const error = await ssh.docker.call("ContainerStart", { path }).catch(thrown);
    expect(error).toBeInstanceOf(EngineGoneError);
    expect(String(error)).toMatch(
      /before it answered .*ssh ended with code 255: Connection closed by remote/,
    );
    expect(ssh.engine.calls).toHaveLength(1);
  });

  it("while it is idle is left, also when a process of its own holds on to its outputs", async () => {
    await using ssh = await fakeSsh();
    await ssh.docker.call("ContainerStart", { path });
    const [first] = ssh.started;
    first?.leave(255);
    await first?.closed;
    for (let n = 0; n < 20; n++) await ssh.docker.call("ContainerStart", { path });
    expect(ssh.engine.calls).toHaveLength(21);
    expect(ssh.started).toHaveLength(2);
  });

  it("in the middle of an answer has cut it, also when a process of its own holds on to its stderr", async () => {
    await using ssh = await fakeSsh((exchange) => {
      exchange.stall('{"Action":"start"}\n');
    });
    const events = await ssh.docker.call("SystemEvents");
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const event of events) {
        seen.push(event);
        ssh.started[0]?.leave(255);
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(EngineGoneError);
    expect(seen).toHaveLength(1);
  });

  it("takes those that are idle along, since what cut it has cut them too", async () => {
    await using ssh = await fakeSsh((exchange) => {
      if (exchange.request.path === "/events") exchange.stall("{}\n");
      else exchange.json(200, {});
    });
    const events = await ssh.docker.call("SystemEvents");
    await ssh.docker.call("ContainerStart", { path });
    const [streaming, idle] = ssh.started;
    expect(ssh.started).toHaveLength(2);
    const reading = (async () => {
      for await (const _ of events) streaming?.end(255);
    })();
    await expect(reading).rejects.toBeInstanceOf(EngineGoneError);
    await idle?.closed;
    await ssh.docker.call("ContainerStart", { path });
    expect(ssh.started).toHaveLength(3);
  });

  it("between two calls costs the second nothing", async () => {
    await using ssh = await fakeSsh();
    for (let round = 0; round < 20; round++) {
      await ssh.docker.call("ContainerStart", { path });
      const last = ssh.started.at(-1);
      last?.end(255);
      await last?.closed;
      await ssh.docker.call("ContainerStart", { path });
    }
    expect(ssh.engine.calls).toHaveLength(40);
  });
});

describe("logins", () => {
  it("are five at a time, each making room for the next when it has got in", async () => {
    await using ssh = await fakeSsh();
    ssh.onStarted = () => undefined;
    const calls = Array.from({ length: 12 }, () => ssh.docker.call("ContainerStart", { path }));
    for (let known = 5; known <= 12; known++) {
      await expect.poll(() => ssh.started.length).toBe(known);
      ssh.started[known - 5]?.login();
    }
    for (const one of ssh.started.slice(8)) one.login();
    await Promise.all(calls);
    expect(ssh.started).toHaveLength(12);
  });

  it("that fail make room too", async () => {
    await using ssh = await fakeSsh();
    ssh.onStarted = (one) => one.end(255, "Permission denied (publickey).");
    const calls = Array.from({ length: 12 }, () => ssh.docker.call("ContainerStart", { path }).catch(thrown));
    for (const error of await Promise.all(calls)) expect(String(error)).toMatch(/Permission denied/);
  });

  it("of a program that is missing make room too", async () => {
    await using folder = await tempDir();
    await using docker = new Docker({ host: "ssh://engine", env: { PATH: folder.path } });
    const calls = Array.from({ length: 12 }, () => docker.call("ContainerStart", { path }).catch(thrown));
    for (const error of await Promise.all(calls)) expect(String(error)).toMatch(/no program ssh on the PATH/);
  });

  it("under way end with the client", async () => {
    const ssh = await fakeSsh();
    ssh.onStarted = () => undefined;
    const calls = Array.from({ length: 12 }, () => ssh.docker.call("ContainerStart", { path }).catch(thrown));
    await expect.poll(() => ssh.started.length).toBe(5);
    await ssh.docker[Symbol.asyncDispose]();
    await Promise.all(calls);
    await Promise.all(ssh.started.map(({ closed }) => closed));
    await ssh[Symbol.asyncDispose]();
  });
});
