import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frame } from "test-support/chunk-source";
import { arriving, patience, tampered, tries, type Arrival } from "test-support/hostile-bytes";
import { startRawPeer } from "test-support/raw-peer";
import { Docker } from "../docker.ts";
import { DockerError } from "../errors.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const read = async (stream: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of stream);
};

/** A call of each kind: JSON, nothing, text, streams of every sort, connections that are taken over, several in a row. */
const calls = {
  list: (docker, signal) => docker.containers.list({ signal }),
  start: (docker, signal) => docker.containers.get("x").start({ signal }),
  info: (docker, signal) => docker.system.info({ signal }),
  ping: (docker, signal) => docker.system.ping({ signal }),
  events: (docker, signal) => read(docker.system.events({ until: 1, signal })),
  logs: (docker, signal) => read(docker.containers.get("x").logs({ signal }).lines()),
  stats: (docker, signal) => docker.containers.get("x").statsOnce({ signal }),
  wait: (docker, signal) => docker.containers.get("x").wait({ signal }),
  exec: (docker, signal) => docker.containers.get("x").exec(["true"], { signal }),
  attach: async (docker, signal) => {
    await using process = await docker.containers.get("x").attach({ signal });
    await process.output.text();
  },
  run: (docker, signal) => docker.containers.run({ image: "x", signal }),
  pull: (docker, signal) => docker.images.pull("x", { signal }),
  load: (docker, signal) => docker.images.load(Buffer.from("tar"), { signal }),
  build: (docker, signal) => docker.images.build({ context: "none", dockerfile: { text: "FROM x" }, signal }),
  stat: (docker, signal) => docker.containers.get("x").stat("/x", { signal }),
  readFile: (docker, signal) => docker.containers.get("x").readFile("/x", { signal }),
  layers: (docker, signal) => docker.images.get("x").layers({ signal }),
  grpc: (docker, signal) => docker.call("Grpc", { signal }),
} satisfies Record<string, (docker: Docker, signal: AbortSignal) => PromiseLike<unknown>>;

const json = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    null,
    [],
    {},
    [null],
    { Id: "x", Running: false, ExitCode: 0, StatusCode: 0, Config: {}, RootFS: {}, message: "no" },
    { Id: 7, StatusCode: "0", Config: null, message: { a: 1 } },
    { status: 7, stream: null, error: {}, errorDetail: "x", aux: null, progressDetail: 3 },
    { status: "Status: done", id: "a" },
    { stream: "Loaded image: x\n" },
  ),
);
const body = fc.oneof(
  json.map((value) => Buffer.from(JSON.stringify(value))),
  fc
    .array(json, { maxLength: 4 })
    .map((all) => Buffer.from(all.map((value) => `${JSON.stringify(value)}\n`).join(""))),
  fc.constantFrom("", "<html><title>Gateway</title>", "OK").map((text) => Buffer.from(text)),
  fc.constant(Buffer.concat([frame(1, "out\n"), frame(2, "err"), frame(3, "gone")])),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
);
const status = fc.constantFrom(
  ..."200 OK,201 Created,204 No Content,304 Not Modified,301 Moved,101 UPGRADED,100 Continue,103 Early,400 Bad,404 Not Found,409 No,500 Oops,503 No,999 ?,200".split(
    ",",
  ),
);
const headers = fc.array(
  fc.constantFrom(
    "Content-Type: text/html",
    "Content-Type: application/vnd.docker.multiplexed-stream",
    "Api-Version: 1.41",
    "Api-Version: x",
    "Location: /elsewhere",
    "Connection: close",
    "Connection: Upgrade\r\nUpgrade: tcp",
    "Connection: Upgrade\r\nUpgrade: h2c",
    "X-Docker-Container-Path-Stat: e30=",
    "X-Docker-Container-Path-Stat: bnVsbA==",
    "X-Docker-Container-Path-Stat: ???",
    "Content-Length: 3",
    "Content-Length: 99999999999",
    "Content-Length: -1",
    "Transfer-Encoding: gzip",
    "X: \u00ff",
    "",
    ": x",
  ),
  { maxLength: 3 },
);
const chunked = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n0\r\n\r\n")]);
const answer = fc
  .tuple(status, headers, body, fc.constantFrom("length", "chunked", "end"))
  .map(([first, lines, bytes, framing]) => {
    const length = framing === "length" ? [`Content-Length: ${bytes.length}`] : [];
    const all = framing === "chunked" ? ["Transfer-Encoding: chunked"] : length;
    const head = [`HTTP/1.1 ${first}`, ...lines, ...all].join("\r\n");
    return Buffer.concat([
      Buffer.from(`${head}\r\n\r\n`, "latin1"),
      framing === "chunked" ? chunked(bytes) : bytes,
    ]);
  });

interface Answering extends Arrival {
  /** What the peer does when all is sent; having gone silent, it is left by the caller. */
  readonly ending: "end" | "cut" | "silence";
}

const answering = fc
  .tuple(arriving(tampered(answer)), fc.constantFrom("end", "cut", "silence"))
  .map(([arrival, ending]): Answering => ({ ...arrival, ending }));

describe("whatever an engine answers, in whatever pieces", { timeout: patience }, () => {
  test("a call ends in a result or an error of this library, and lets go of its connections", async () => {
    let current: Answering | undefined;
    let left = new AbortController();
    await using peer = await startRawPeer(async (socket) => {
      if (current === undefined) return;
      const { pieces, ending } = current;
      const controller = left;
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        if (pieces.length < 20) await turn();
      }
      if (ending === "end") socket.end();
      else if (ending === "cut") socket.destroy();
      else setTimeout(() => controller.abort(leaving), 2);
    });
    const leaving = new Error("left");
    const property = fc.asyncProperty(
      fc.constantFrom(...(Object.keys(calls) as (keyof typeof calls)[])),
      answering,
      async (name, bytes) => {
        // A container that the engine is about to make is waited for, for seconds.
        current = name === "run" && bytes.ending === "silence" ? { ...bytes, ending: "cut" } : bytes;
        left = new AbortController();
        const docker = new Docker({ host: peer.host, apiVersion: "1.41", credentials: {}, env: {} });
        try {
          await calls[name](docker, left.signal);
        } catch (error) {
          if (error !== leaving && !DockerError.is(error)) throw error;
          if (error === leaving) expect(bytes.ending).toBe("silence");
        } finally {
          await docker[Symbol.asyncDispose]();
        }
        await peer.idle();
      },
    );
    await fc.assert(property, tries);
  });
});
