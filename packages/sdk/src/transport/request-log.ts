/**
 * What `NODE_DEBUG=docker-engine-sdk` prints of each request. Headers and bodies hold credentials, environments and
 * files, so they are left out, and so is of the query what may hold such.
 */
import { subscribe } from "node:diagnostics_channel";
import { debuglog } from "node:util";
import { DockerError } from "../errors.ts";
import type { EngineRequest } from "./engine-request.ts";

const print = debuglog("docker-engine-sdk");

let requests = 0;
let connections = 0;
const numbers = new WeakMap<object, number>();
/** The request that has just been given its connection. undici says in the same turn which one that is. */
let beginning: { readonly request: EngineRequest; readonly tell: (connection: string) => void } | undefined;

/** The log of a request; undefined unless it is asked for. */
export function requestLog(host: string, request: EngineRequest): RequestLog | undefined {
  if (!print.enabled) return undefined;
  if (requests === 0) subscribe("undici:client:sendHeaders", onSendHeaders);
  return new RequestLog(host, request);
}

/** One request from its beginning to its end. */
export class RequestLog {
  readonly #number = ++requests;
  readonly #request: EngineRequest;
  readonly #start = performance.now();
  #connection = "";
  #bytes = 0;
  #over = false;

  constructor(host: string, request: EngineRequest) {
    this.#request = request;
    this.#say(`${request.method} ${showPath(request.path)} -> ${host}`);
  }

  began(): void {
    const tell = (connection: string): void => void (this.#connection = ` on ${connection}`);
    beginning = { request: this.#request, tell };
  }

  answered(status: number): void {
    this.#say(`${status} ${this.#after()}${this.#connection}`);
  }

  received({ length }: Uint8Array): void {
    this.#bytes += length;
  }

  ended(): void {
    this.#last(`ended ${this.#after()}, ${this.#bytes} bytes`);
  }

  closed(): void {
    this.#last(`closed by its reader ${this.#after()}, ${this.#bytes} bytes`);
  }

  aborted(): void {
    this.#last(`aborted by its signal ${this.#after()}`);
  }

  failed(reason: unknown): void {
    // The messages of others, such as of what makes the body, are not ours to show.
    const what = DockerError.is(reason) ? `${reason.name}: ${reason.message}` : nameOf(reason);
    this.#last(`failed ${this.#after()}${this.#connection}: ${what}`);
  }

  #after(): string {
    return `after ${Math.round(performance.now() - this.#start)} ms`;
  }

  #last(text: string): void {
    if (!this.#over) this.#say(text);
    this.#over = true;
  }

  #say(text: string): void {
    print("%s", `#${this.#number} ${text}`);
  }
}

function nameOf(reason: unknown): string {
  return reason instanceof Error ? reason.name : typeof reason;
}

function onSendHeaders(message: unknown): void {
  const { request, socket } = message as { readonly request: EngineRequest; readonly socket: object }; // as undici documents
  const begun = beginning;
  // Others use undici in this process, too.
  if (begun?.request.path !== request.path || begun.request.method !== request.method) return;
  beginning = undefined;
  const known = numbers.get(socket);
  const number = known ?? ++connections;
  numbers.set(socket, number);
  begun.tell(`${known === undefined ? "new" : "kept"} connection ${number}`);
}

/** Parameters that name objects or choose among a few words. */
const harmless: ReadonlySet<string> = new Set([
  ...["name", "names", "repo", "tag", "t", "fromImage", "container", "id", "path", "dir", "checkpoint"],
  ...["platform", "platforms", "target", "dockerfile", "networkmode", "isolation", "scope", "type", "status"],
  ...["signal", "condition", "tail", "since", "until", "version", "format"],
]);

function showPath(path: string): string {
  const [plain = "", query] = path.split("?", 2);
  if (query === undefined) return plain;
  const shown = query.split("&").map((pair) => {
    const [name = "", value = ""] = pair.split("=", 2);
    return harmless.has(name) || /^(?:\d+|true|false)$/.test(value) ? pair : `${name}=…`;
  });
  return `${plain}?${shown.join("&")}`;
}
