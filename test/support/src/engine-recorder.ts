import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { connect } from "node:net";
import { pipeline, type Duplex } from "node:stream";
import { tempDir } from "./temp-dir.ts";

/** One request as it went over the socket, and the status that it was answered with. */
export interface RecordedExchange {
  readonly method: string;
  /** Path and query, encoded. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** What has been sent of the body so far. */
  readonly body: Buffer;
  /** 0 until the answer begins. */
  readonly status: number;
}

export interface EngineRecorder extends AsyncDisposable {
  /** Where to send what is to be recorded, as in DOCKER_HOST. */
  readonly host: string;
  readonly exchanges: readonly RecordedExchange[];
}

interface Recording {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  chunks: Buffer[];
  status: number;
  readonly body: Buffer;
}

/** Stands between a client and an engine, and writes down what is sent, without the client's own code. */
export async function recordEngine(socketPath: string): Promise<EngineRecorder> {
  const folder = await tempDir();
  const host = folder.join("recorded.sock");
  const exchanges: Recording[] = [];
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });

  function record({ method = "", url = "", headers }: IncomingMessage): Recording {
    const chunks: Buffer[] = [];
    const recording = {
      method,
      url,
      headers,
      chunks,
      status: 0,
      get body() {
        return Buffer.concat(chunks);
      },
    };
    exchanges.push(recording);
    return recording;
  }

  server.on("request", (incoming: IncomingMessage, answer: ServerResponse) => {
    const recording = record(incoming);
    const { method, url: path, headers } = incoming;
    const onward = request({ socketPath, method, path, headers, agent: false });
    incoming.on("data", (chunk: Buffer) => recording.chunks.push(chunk));
    incoming.pipe(onward);
    answer.once("close", () => onward.destroy());
    // An engine may refuse and hang up while the rest of a body is still on its way.
    onward.on("error", () => recording.status === 0 && answer.destroy());
    onward.once("response", (response) => {
      recording.status = response.statusCode ?? 0;
      answer.writeHead(recording.status, response.headers);
      pipeline(response, answer, () => undefined);
    });
  });

  server.on("upgrade", (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    const recording = record(incoming);
    const engine = connect({ path: socketPath, allowHalfOpen: true });
    const lines = [`${recording.method} ${recording.url} HTTP/1.1`];
    const { rawHeaders } = incoming;
    for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
    engine.write(`${lines.join("\r\n")}\r\n\r\n`);
    engine.write(head);
    recording.chunks.push(head);
    client.on("data", (chunk: Buffer) => recording.chunks.push(chunk));
    engine.once("data", (chunk: Buffer) => {
      recording.status = Number(/^HTTP\/1\.1 (\d+)/.exec(chunk.toString("latin1"))?.[1]);
    });
    for (const [one, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      one.on("error", () => other.destroy());
      one.once("close", () => other.destroy());
      one.pipe(other);
    }
  });

  await new Promise<void>((resolve) => server.listen(host, resolve));
  return {
    host: `unix://${host}`,
    exchanges,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await folder[Symbol.asyncDispose]();
    },
  };
}
