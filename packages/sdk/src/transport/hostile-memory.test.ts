import { expect, test } from "vitest";
import { runChildScript } from "test-support/child-script";
import { patience } from "test-support/hostile-bytes";

// MiB. An answer may be 128 MiB long and a line 64 Mi characters; Node with the sources takes about 150.
const mostMemory = 600;

/** A peer that begins with `head`, and then sends `piece` for as long as anybody reads. */
interface Endless {
  readonly what: string;
  /** `x` is a container. */
  readonly call: string;
  readonly head: string;
  readonly piece: string;
  readonly error: string;
}

const letters = '"a".repeat(65536)';
const ok = '"HTTP/1.1 200 OK\\r\\n\\r\\n"';
const multiplexed =
  "HTTP/1.1 200 OK\\r\\nContent-Type: application/vnd.docker.multiplexed-stream\\r\\n\\r\\n";
const peers: readonly Endless[] = [
  {
    what: "headers",
    call: "docker.system.info()",
    head: '"HTTP/1.1 200 OK\\r\\n"',
    piece: '"X-Y: z\\r\\n".repeat(4000)',
    error: "ProtocolError",
  },
  {
    what: "one header",
    call: "docker.system.info()",
    head: '"HTTP/1.1 200 OK\\r\\nX-Y: "',
    piece: letters,
    error: "ProtocolError",
  },
  { what: "a JSON document", call: "docker.system.info()", head: ok, piece: letters, error: "ProtocolError" },
  { what: "what should be empty", call: "x.start()", head: ok, piece: letters, error: "ProtocolError" },
  { what: "a ping", call: "docker.system.ping()", head: ok, piece: letters, error: "ProtocolError" },
  { what: "a wait", call: "x.wait()", head: ok, piece: letters, error: "ProtocolError" },
  {
    what: "a line of JSON",
    call: "read(docker.system.events())",
    head: ok,
    piece: letters,
    error: "ProtocolError",
  },
  {
    what: "the page of an error",
    call: "x.inspect()",
    head: '"HTTP/1.1 500 Oops\\r\\n\\r\\n<html>"',
    piece: letters,
    error: "ServerError",
  },
  {
    what: "a line of output",
    call: "read(x.logs().lines())",
    head: `"${multiplexed}"`,
    piece: 'Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 255, 255]), Buffer.alloc(65535, "a")])',
    error: "ProtocolError",
  },
  {
    what: "an error within output",
    call: "x.logs().text()",
    head: `"${multiplexed}\\x03\\0\\0\\0\\x7f\\x7f\\x7f\\x7f"`,
    piece: letters,
    error: "OperationError",
  },
  {
    what: "the head of an upgrade",
    call: "docker.call('ContainerAttach', { path: { id: 'x' }, query: {} })",
    head: '"HTTP/1.1 101 UPGRADED\\r\\nX-Y: "',
    piece: letters,
    error: "ProtocolError",
  },
  {
    // Each byte would keep alive what it was read with.
    what: "single bytes with long chunk extensions",
    call: "x.start()",
    head: '"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n"',
    piece:
      '("1;" + "e".repeat(60000) + "\\r\\n{\\r\\n").repeat(20) + "10000\\r\\n" + "{".repeat(65536) + "\\r\\n"',
    error: "ProtocolError",
  },
];

const source = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
const program = `
  import { startRawPeer } from ${source("../../../../test/support/src/raw-peer.ts")};
  import { Docker, DockerError } from ${source("../index.ts")};
  const read = async (stream) => { for await (const _ of stream); };
  let head, piece, most;
  const peer = await startRawPeer((socket) => {
    socket.write(head, "latin1");
    const more = () => {
      most = Math.max(most, process.memoryUsage.rss());
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on("drain", more);
    more();
  });
  async function one(name, call) {
    most = 0;
    const docker = new Docker({ host: peer.host, apiVersion: "1.41", credentials: {}, env: {} });
    const error = await call(docker, docker.containers.get("x")).then(() => undefined, (error) => error);
    await docker[Symbol.asyncDispose]();
    await peer.idle();
    gc();
    console.log(JSON.stringify({ name, error: DockerError.is(error) ? error.name : String(error), memory: Math.round(most / 2 ** 20) }));
  }
  ${peers
    .map(
      ({ what, call, head, piece }) =>
        `head = ${head}; piece = Buffer.from(${piece}); await one("${what}", async (docker, x) => await ${call});`,
    )
    .join("\n")}
  await peer[Symbol.asyncDispose]();
`;

test(
  "what a peer never ends is refused with an error of this library, in bounded memory",
  { timeout: patience },
  async () => {
    const { stdout, stderr } = await runChildScript(program, { nodeOptions: ["--expose-gc"] });
    expect(stderr).toBe("");
    const seen = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { name: string; error: string; memory: number });
    expect(seen.map(({ name, error }) => [name, error])).toEqual(
      peers.map(({ what, error }) => [what, error]),
    );
    expect(seen.filter(({ memory }) => memory > mostMemory)).toEqual([]);
  },
);
