import type { Duplex } from "node:stream";
import { randomBytes } from "node:crypto";
import {
  operations,
  type CallArguments,
  type CallParameters,
  type OperationId,
  type OperationRow,
  type Operations,
} from "../generated/operations.ts";
import { ByteStream } from "../streams/byte-stream.ts";
import { JsonLines } from "../streams/json-lines.ts";
import { readAnswer } from "./answer.ts";
import { compareApiVersions, podmanVersion, type ApiVersion } from "./api-version.ts";
import { Disposal } from "./disposal.ts";
import { responseError } from "./response-error.ts";
import type { EngineRequest } from "./engine-request.ts";
import type { EngineResponse, UpgradedConnection } from "./engine-response.ts";
import { discard, keepError, type RequestBytes } from "./request-body.ts";
import { checkRoute } from "./route.ts";
import { checkVersion } from "./version-gate.ts";
import type { Transport } from "./transport.ts";
import { encodeQuery, expandPath, toJsonText, type QueryValue } from "./url.ts";

export type { RequestBytes };

/**
 * What a call resolves to: the JSON answer, nothing, a stream of JSON values, a stream of bytes (logs are still
 * multiplexed), or the raw connection.
 */
export type CallAnswer<Op extends OperationId> = Operations[Op]["stream"] extends "none"
  ? Operations[Op]["answer"]
  : Operations[Op]["stream"] extends "json-lines"
    ? JsonLines<Operations[Op]["answer"]>
    : Operations[Op]["stream"] extends "hijack"
      ? UpgradedConnection
      : ByteStream;

/** What became of a change that may have been made before. */
export interface ChangeResult {
  /** False when it was so already. */
  readonly changed: boolean;
}

/** Parameters with the types of all operations laid over one another; the public signatures are exact. */
interface AnyParameters {
  readonly path?: Readonly<Record<string, string | number | undefined>>;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** How the resources and `docker.call` reach the engine: by operation id, over the generated table. */
export class Caller {
  readonly #transport: Transport;
  readonly #version: ApiVersion;
  /** What is still done when the client is disposed. */
  readonly disposal: Disposal = new Disposal();
  #podman: string | undefined;

  constructor(transport: Transport, version: ApiVersion) {
    this.#transport = transport;
    this.#version = version;
  }

  /** The endpoint, for messages. */
  get host(): string {
    return this.#transport.host;
  }

  /** Whether a piece of a body is done with when the next is asked for. */
  get writesThrough(): boolean {
    return this.#transport.writesThrough;
  }

  /**
   * The version of Podman where that answers, which speaks this API its own way here and there; undefined for Docker's
   * engine, and before the first answer.
   */
  get podman(): string | undefined {
    return this.#podman ?? this.#version.podman;
  }

  /** The API version spoken, e.g. `1.41`. */
  apiVersion(signal?: AbortSignal): Promise<string> {
    return this.#version.get(signal);
  }

  /** Makes a call and decodes its answer. */
  async call<Op extends OperationId>(
    operation: Op,
    ...[parameters]: CallArguments<Op>
  ): Promise<CallAnswer<Op>> {
    const row = rowOf(operation);
    const sent = (parameters ?? none) as CallParameters<Op>; // left out only where nothing is required
    // The table's stream kind and the type's are generated together.
    if (row.stream === "hijack") return (await this.upgrade(operation, sent)) as CallAnswer<Op>;
    const { body } = await this.send(operation, sent);
    return (
      row.stream === "none"
        ? await readAnswer(body, operation, row.answer)
        : row.stream === "json-lines"
          ? new JsonLines(body, operation)
          : new ByteStream(body)
    ) as CallAnswer<Op>;
  }

  /**
   * Refuses a call as {@link send} would, for work that begins before it.
   * @throws UnsupportedError when the engine's API lacks something of it.
   */
  async check<Op extends OperationId>(operation: Op, parameters: CallParameters<Op>): Promise<void> {
    const { query = {}, body, signal } = parameters as AnyParameters;
    checkVersion(operation, rowOf(operation), query, body, await this.#version.get(signal));
  }

  /** For calls whose 304 means "it was so already". */
  async changed<Op extends OperationId>(
    operation: Op,
    parameters: CallParameters<Op>,
  ): Promise<ChangeResult> {
    const response = await this.send(operation, parameters);
    await readAnswer(response.body, operation, "none");
    return { changed: response.status !== 304 };
  }

  /** Makes a call and hands over the answer as it is; an error status is thrown, 304 is not an error. */
  async send<Op extends OperationId>(operation: Op, parameters: CallParameters<Op>): Promise<EngineResponse> {
    const request = await this.#request(operation, parameters);
    const response = await this.#transport.send(request);
    this.#podman ??= podmanVersion(response.headers);
    if (isSuccess(response.status)) return response;
    throw await responseError(response, operation, operations[operation].path);
  }

  /** Makes a call that takes over the connection. */
  async upgrade<Op extends OperationId>(
    operation: Op,
    parameters: CallParameters<Op>,
    protocol: string = protocols[operation] ?? "tcp",
  ): Promise<UpgradedConnection> {
    const request = await this.#request(operation, parameters);
    const headers = { ...request.headers, ...(protocol === "websocket" && webSocketHeaders()) };
    const answer = await this.#transport.upgrade({ ...request, headers }, protocol);
    if ("socket" in answer) return answer;
    throw await responseError(answer, operation, operations[operation].path);
  }

  /** Whether the engine takes HTTP/2 on its socket, without an upgrade. */
  async takesHttp2(signal?: AbortSignal): Promise<boolean> {
    return compareApiVersions(await this.apiVersion(signal), "1.53") >= 0;
  }

  /** A connection to the engine for HTTP/2; see {@link takesHttp2}. */
  connect(operation: string, signal?: AbortSignal): Promise<Duplex> {
    return this.#transport.connect(operation, signal);
  }

  async #request<Op extends OperationId>(
    operation: Op,
    parameters: CallParameters<Op>,
  ): Promise<EngineRequest> {
    const row = rowOf(operation);
    const { path = none, query = none, headers, body, signal } = parameters as AnyParameters;
    keepError(body);
    let target: string;
    try {
      // All that can be checked is, before anything is sent, be it the question for the version.
      const expanded = expandPath(row.path, path);
      checkRoute(operation, row, expanded);
      const relative = expanded + encodeQuery(operation, row.query, query);
      signal?.throwIfAborted();
      const version = this.#version.known ?? (await this.#version.get(signal));
      checkVersion(operation, row, query, body, version);
      target = row.path === "/_ping" ? relative : `/v${version}${relative}`;
    } catch (error) {
      discard(body);
      throw error;
    }
    const json = row.body === "json" && body !== undefined;
    return {
      operation,
      method: row.method,
      path: target,
      headers: headersOf(row, json, headers),
      body: json ? toJsonText(body) : (body as RequestBytes | undefined), // as the table says
      signal,
      duration: durationOf(operation, row),
      spared: operation === "ContainerCreate",
    };
  }
}

const none = {};

/** What the connection becomes where that is not "tcp"; the engine refuses other names. */
const protocols: Readonly<Partial<Record<OperationId, string>>> = {
  ContainerAttachWebsocket: "websocket",
  Grpc: "h2c",
  Session: "h2c",
};

/** RFC 6455, 4.1. The key only has to be new each time. */
function webSocketHeaders(): Readonly<Record<string, string>> {
  return { "sec-websocket-version": "13", "sec-websocket-key": randomBytes(16).toString("base64") };
}

function rowOf(operation: OperationId): OperationRow {
  const row: OperationRow | undefined = Object.hasOwn(operations, operation)
    ? operations[operation]
    : undefined;
  if (row === undefined) throw new TypeError(`There is no operation ${JSON.stringify(operation)}.`);
  return row;
}

function headersOf(
  row: OperationRow,
  json: boolean,
  headers: AnyParameters["headers"],
): EngineRequest["headers"] {
  const type = json ? "application/json" : row.body === "bytes" ? "application/x-tar" : undefined;
  if (headers === undefined) return type === undefined ? none : { "content-type": type };
  return { ...(type !== undefined && { "content-type": type }), ...given(headers) };
}

/** Without what is undefined. */
function given(headers: NonNullable<AnyParameters["headers"]>): EngineRequest["headers"] {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Record<string, string>; // just taken out
}

function isSuccess(status: number): boolean {
  return (status >= 200 && status < 300) || status === 304;
}

function durationOf(operation: string, row: OperationRow): EngineRequest["duration"] {
  // The engine stops a build when its connection closes, and may answer before it has read all of the context.
  if (operation === "ImageBuild") return "single";
  return row.method === "GET" && row.stream === "none" ? "short" : "long";
}
