import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineCall } from "test-support/engine/engine-call";
import { clientsFor, dockerCli, OURS } from "../clients.ts";
import { compare, type Compared } from "../comparison.ts";
import type { Contender, Program } from "../contender.ts";
import { contextTree, tarExclusions } from "../context-tree.ts";
import { fakeServer, jsonAnswer, type BodySink } from "../fake-server.ts";
import { TarList } from "../tar-list.ts";
import type { Stage } from "../../scenario.ts";

const FLOOR = "tar and curl";
const IMAGE = `sha256:${"1f".repeat(32)}`;
const BUILT = [
  { stream: "Step 1/1 : FROM scratch\n" },
  { stream: " ---> 1f1f1f1f1f1f\n" },
  { aux: { ID: IMAGE } },
  { stream: "Successfully built 1f1f1f1f1f1f\n" },
];

/** A context of 512 MB to an engine that reads it and builds nothing. */
export async function context(): Promise<Compared> {
  await using folder = await contextFolder(512);
  let sink = new ContextSink();
  await using server = await fakeServer(({ path }) => (path === "/build" ? sink : jsonAnswer({ Id: IMAGE })));
  const { socketPath } = server;
  let list: string | undefined;
  return await compare({
    contenders: contenders(socketPath, folder.path),
    rounds: 5,
    parameters: { socketPath, context: folder.path, tag: "bench" },
    work: { amount: 256, unit: "MB" },
    prepare: async (_, verify) => {
      sink = new ContextSink(verify);
    },
    expected: {
      // The floor's comes first; the docker CLI sends the same.
      async fault(_contender, verify) {
        if (!verify) return undefined;
        const sent = await sink.list;
        list ??= sent;
        return sent === list ? undefined : "sent other files";
      },
    },
    targets: [
      { of: OURS, measure: "clock", atMost: 1.5, times: FLOOR },
      { of: OURS, measure: "MB", atMost: 150 },
    ],
  });
}

/** A context of 96 MB to a real engine, which copies it into an image. */
export async function build(stage: Stage): Promise<Compared> {
  await using folder = await contextFolder(96);
  const { host, socketPath } = await stage.engine();
  let layers: string | undefined;
  const remove = async (): Promise<void> => {
    await engineCall(host, "DELETE", "/images/bench-build:latest?force=1").catch(() => undefined);
  };
  const compared = await compare({
    contenders: contenders(socketPath, folder.path, "bench-build:latest"),
    rounds: 5,
    parameters: { socketPath, context: folder.path, tag: "bench-build:latest" },
    prepare: remove,
    expected: {
      async fault() {
        const image = await engineCall(host, "GET", "/images/bench-build:latest/json");
        const built = JSON.stringify((JSON.parse(image) as { readonly RootFS: unknown }).RootFS);
        layers ??= built;
        return built === layers ? undefined : "built another image";
      },
    },
    targets: [{ of: OURS, measure: "clock", atMost: 1.1, times: FLOOR }],
  });
  await remove();
  return compared;
}

/** dockerode sends what it should not, and takes long to. */
function contenders(socketPath: string, folder: string, tag = "bench"): readonly Contender[] {
  const query = `t=${tag}&nocache=1&rm=1&forcerm=1`;
  const floor: Program = {
    name: FLOOR,
    command:
      `tar -C ${folder} -c ${tarExclusions} . | curl --silent --show-error --fail --unix-socket ${socketPath} ` +
      `-H 'Content-Type: application/x-tar' -H 'Expect:' -X POST -T - 'http://d/v1.41/build?${query}' > /dev/null`,
  };
  return [
    floor,
    ...clientsFor("build", ["docker-engine-sdk", "dockerode", "node-sdk"]),
    ...dockerCli(socketPath, `build --no-cache -t ${tag} ${folder}`).map(({ name, command }) => ({
      name,
      command,
    })),
  ];
}

async function contextFolder(megabytes: number): Promise<{ readonly path: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "bench-context-"));
  const path = join(folder, "context");
  await contextTree(path, megabytes);
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** Reads a context, and lists it when it is to be verified. */
class ContextSink implements BodySink {
  readonly #tar: TarList | undefined;
  #list: Promise<string> | undefined;

  constructor(verify = false) {
    this.#tar = verify ? new TarList() : undefined;
  }

  get list(): Promise<string> | undefined {
    return this.#list;
  }

  push(chunk: Buffer): void {
    this.#tar?.push(chunk);
  }

  async end(): Promise<Uint8Array> {
    this.#list = this.#tar?.end();
    await this.#list;
    const body = BUILT.map((line) => `${JSON.stringify(line)}\n`).join("");
    return Buffer.from(
      `HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
}
