import { expect } from "vitest";
import {
  Docker,
  DockerError,
  JsonLines,
  UnsupportedError,
  type CallAnswer,
  type CallArguments,
  type CallParameters,
  type OperationId,
} from "docker-engine-sdk";
import type { EngineRecorder, RecordedExchange } from "test-support/engine-recorder";
import {
  operations,
  type OperationRow,
  type QueryRow,
} from "../../../packages/sdk/src/generated/operations.ts";
import type { World } from "./world.ts";

/** Shows that one operation works, by sending it with all its parameters and looking at what became of it. */
export type Case<Op extends OperationId> = (send: Send<Op>, world: World) => Promise<void>;

export type Cases = { readonly [Op in OperationId]: Case<Op> };

export interface Send<Op extends OperationId> {
  /** Sends it, looks at what went over the socket, and answers what the engine did. */
  (parameters: CallParameters<Op>): Promise<CallAnswer<Op>>;
  /** The same where it cannot succeed here; `message` is in the engine's error. */
  refused(why: string, message: RegExp, parameters: CallParameters<Op>): Promise<void>;
  /** What was answered last, beside its body. */
  readonly last: RecordedExchange;
}

/** Ends a case whose operation is younger than the engine. */
export class TooNew extends Error {}

/** Sends one operation, and keeps what was sent and answered. */
export class Sender<Op extends OperationId> {
  readonly answers: string[] = [];
  readonly query = new Set<string>();
  readonly headers = new Set<string>();
  readonly #operation: Op;
  readonly #recorder: EngineRecorder;
  readonly #apiVersion: string;

  constructor(operation: Op, recorder: EngineRecorder, apiVersion: string) {
    this.#operation = operation;
    this.#recorder = recorder;
    this.#apiVersion = apiVersion;
  }

  get row(): OperationRow {
    return operations[this.#operation];
  }

  /** The query parameters that this engine's version knows. */
  get known(): readonly string[] {
    return Object.keys(this.row.query).filter((name) => this.#knows(this.row.query[name] ?? {}));
  }

  get send(): Send<Op> {
    const recorder = this.#recorder;
    const send = async (parameters: CallParameters<Op>): Promise<CallAnswer<Op>> => {
      const answer = await this.#call(parameters);
      this.answers.push(String(recorder.exchanges.at(-1)?.status));
      return answer;
    };
    const refused = async (why: string, message: RegExp, parameters: CallParameters<Op>): Promise<void> => {
      const error = await this.#call(parameters).then(errorInside, (error: unknown) => error);
      if (error instanceof TooNew) throw error;
      expect(DockerError.is(error) ? error.message : error).toMatch(message);
      this.answers.push(`${recorder.exchanges.at(-1)?.status} ${why}`);
    };
    return Object.defineProperty(Object.assign(send, { refused }), "last", {
      get: () => recorder.exchanges.at(-1),
    }) as Send<Op>; // the property was just defined
  }

  async #call(parameters: CallParameters<Op>): Promise<CallAnswer<Op>> {
    const { since } = this.row;
    if (!this.#knows(this.row)) {
      await expect(this.#through(parameters, undefined)).rejects.toBeInstanceOf(UnsupportedError);
      await expect(this.#through(parameters, since)).rejects.toThrow(/too new|page not found/);
      this.answers.push(`${this.#recorder.exchanges.at(-1)?.status} needs API ${since}`);
      throw new TooNew();
    }
    const { query = {} } = parameters as { query?: Readonly<Record<string, unknown>> };
    const known = Object.fromEntries(Object.entries(query).filter(([name]) => this.known.includes(name)));
    const taken = { ...parameters, query: known } as CallParameters<Op>; // at most fewer of what may be left out
    return await this.#through(taken, undefined);
  }

  async #through(parameters: CallParameters<Op>, apiVersion: string | undefined): Promise<CallAnswer<Op>> {
    const docker = new Docker({ host: this.#recorder.host, apiVersion });
    const before = this.#recorder.exchanges.length;
    try {
      return await docker.call(this.#operation, ...([parameters] as unknown as CallArguments<Op>)); // groups may be empty
    } finally {
      const sent = this.#recorder.exchanges.slice(before).filter(({ url }) => url !== "/_ping");
      const isPing = this.row.path === "/_ping";
      if (!isPing) expect(sent.length).toBe(this.#knows(this.row) || apiVersion !== undefined ? 1 : 0);
      for (const exchange of sent) this.#check(exchange, parameters, apiVersion ?? this.#apiVersion);
    }
  }

  /** Everything given must be where the table says, and nothing else. */
  #check({ method, url, headers, body }: RecordedExchange, parameters: object, apiVersion: string): void {
    const { row } = this;
    const given = parameters as {
      path?: Readonly<Record<string, string>>;
      query?: Readonly<Record<string, unknown>>;
      headers?: Readonly<Record<string, string | readonly string[]>>;
      body?: unknown;
    };
    const [path, search = ""] = url.split("?");
    const filled = row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => given.path?.[name] ?? "");
    expect(method).toBe(row.method);
    expect(decodeURIComponent(path ?? "")).toBe(`/v${apiVersion}${filled}`);
    const query = new URLSearchParams(search);
    expect([...new Set(query.keys())].toSorted()).toEqual(Object.keys(given.query ?? {}).toSorted());
    for (const [name, value] of Object.entries(given.query ?? {})) {
      expect(query.getAll(name)).toEqual(written(row.query[name] ?? {}, value));
      this.query.add(name);
    }
    for (const [name, value] of Object.entries(given.headers ?? {})) {
      expect(headers[name.toLowerCase()]).toBe(typeof value === "string" ? value : value.join(", "));
      this.headers.add(name);
    }
    if (row.body === "json")
      expect(JSON.parse(body.toString())).toEqual(JSON.parse(JSON.stringify(given.body)));
    if (row.body === "bytes" && given.body instanceof Uint8Array)
      expect(Buffer.from(given.body).equals(body)).toBe(true);
    if (row.body === "none") expect(body.length).toBe(0);
  }

  #knows({ since, until }: Pick<QueryRow, "since" | "until">): boolean {
    return (
      !isOlder(this.#apiVersion, since ?? "0.0") && (until === undefined || isOlder(this.#apiVersion, until))
    );
  }
}

function written({ encode }: QueryRow, value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) && encode !== "json" ? value : [value];
  return list.map((each) => (encode?.endsWith("json") === true ? JSON.stringify(each) : String(each)));
}

export function isOlder(version: string, than: string): boolean {
  return Number(version.split(".")[1]) < Number(than.split(".")[1]);
}

/** A failure that was told inside an answer that began with 200. */
async function errorInside(answer: unknown): Promise<string> {
  if (!(answer instanceof JsonLines)) return "no error";
  for await (const line of answer as JsonLines<{ error?: string }>)
    if (line.error !== undefined) return line.error;
  return "no error";
}
