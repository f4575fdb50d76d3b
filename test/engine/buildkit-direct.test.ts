import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, request, type IncomingMessage } from "node:http";
import { connect, createServer as createSocketServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { Docker, EngineGoneError } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";
import { tempDir } from "test-support/temp-dir";

const preface = "PRI * HTTP/2.0";

interface DirectEngine extends AsyncDisposable {
  readonly host: string;
  /** Paths of HTTP/1.1 requests, without the version. */
  readonly requests: readonly string[];
  /** Connections that began with HTTP/2. */
  readonly direct: number;
  readonly open: number;
  cut(): void;
}

/**
 * The engine as engines are since API 1.53: it says so, and takes HTTP/2 on its socket. Its own BuildKit answers:
 * what comes as HTTP/2 is passed to its `/grpc`.
 */
async function directEngine(): Promise<DirectEngine> {
  const folder = await tempDir();
  const socketPath = engine.socketPath ?? "";
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let direct = 0;
  const http = createServer((incoming: IncomingMessage, response) => {
    const path = (incoming.url ?? "").replace(/^\/v[\d.]+/, "");
    requests.push(path.replace(/\?.*/, ""));
    const real = path === "/_ping" ? path : `/v${engine.apiVersion}${path}`;
    const { method, headers } = incoming;
    const forwarded = request({ socketPath, method, path: real, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, { ...answer.headers, "api-version": "1.55" });
      answer.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    response.on("close", () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    socket.once("data", (first: Buffer) => {
      socket.pause();
      if (!first.toString("latin1").startsWith(preface)) {
        socket.unshift(first);
        http.emit("connection", socket);
        socket.resume();
        return;
      }
      direct++;
      const upstream = connect(socketPath);
      const head = ["POST /grpc HTTP/1.1", "Host: docker", "Connection: Upgrade", "Upgrade: h2c", "", ""];
      upstream.write(head.join("\r\n"));
      let answer = Buffer.alloc(0);
      const begin = (chunk: Buffer): void => {
        answer = Buffer.concat([answer, chunk]);
        const end = answer.indexOf("\r\n\r\n");
        if (end < 0) return;
        upstream.off("data", begin);
        socket.write(answer.subarray(end + 4));
        upstream.write(first);
        socket.pipe(upstream).pipe(socket);
      };
      upstream.on("data", begin);
      upstream.on("error", () => socket.destroy());
      upstream.on("close", () => socket.destroy());
      socket.on("close", () => upstream.destroy());
    });
  }).listen(folder.join("engine.sock"));
  await once(server, "listening");
  return {
    host: `unix://${folder.join("engine.sock")}`,
    requests,
    get direct() {
      return direct;
    },
    get open() {
      return sockets.size;
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await folder[Symbol.asyncDispose]();
    },
  };
}

test("an engine that takes HTTP/2 is asked without /session and /grpc, with secrets and files", async () => {
  await using fake = await directEngine();
  await using client = new Docker({ host: fake.host, credentials: {} });
  await using context = await tempDir();
  const big = Buffer.alloc(3_000_000, "x");
  await writeFile(context.join("big"), big);
  await writeFile(
    context.join("Dockerfile"),
    `FROM ${engine.image}\nCOPY big /big\nRUN --mount=type=secret,id=s cp /run/secrets/s /copy\n`,
  );
  const built = await client.images.build({
    context: context.path,
    secrets: { s: { value: "tunnelled" } },
    labels: { [label]: "buildkit-direct" },
  });
  await using image = removedAfter(new Docker({ host: engine.host, credentials: {} }).images.get(built.id));
  const docker = new Docker({ host: engine.host, credentials: {} });
  const { stdout } = await docker.containers.run({
    image: image.id,
    command: ["sh", "-c", "cat /copy; wc -c < /big"],
  });
  expect(stdout).toBe(`tunnelled${big.length}\n`);
  const { direct } = fake;
  expect(direct).toBeGreaterThan(0);
  const [worker] = await client.buildkit.listWorkers();
  expect(worker?.id).not.toBe("");
  expect(fake.direct).toBe(direct + 1);
  expect(fake.requests.filter((path) => /session|grpc/.test(path))).toEqual([]);
});

test("an engine that goes away is told as such", async () => {
  await using fake = await directEngine();
  await using client = new Docker({ host: fake.host, credentials: {} });
  const solving = client.buildkit.solve({
    context: "none",
    dockerfile: { text: `FROM ${engine.image}\nRUN echo begun ${Date.now()}; sleep 1000\n` },
  });
  const reading = (async () => {
    for await (const event of solving) if (event.type === "log") fake.cut();
  })();
  await expect(reading).rejects.toBeInstanceOf(EngineGoneError);
});
