import { once } from "node:events";
import { request, type IncomingMessage, type RequestOptions } from "node:http";
import { text } from "node:stream/consumers";

export interface EngineCall {
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until the call is given up. Default: none. */
  readonly timeout?: number;
}

/** One call to an engine at `unix://…` or `tcp://…`, without the client under test. A status of 400 or more throws. */
export async function engineCall(
  host: string,
  method: string,
  path: string,
  call: EngineCall = {},
): Promise<string> {
  const options: RequestOptions = {
    ...target(host),
    method,
    path,
    headers: { Host: "docker", ...call.headers },
    agent: false,
    ...(call.timeout === undefined ? {} : { signal: AbortSignal.timeout(call.timeout) }),
  };
  const sent = request(options);
  // What breaks after the answer began is told by the answer.
  sent.on("error", () => undefined);
  sent.end(call.body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const answer = await text(response);
  const status = response.statusCode ?? 0;
  if (status >= 400) throw new Error(`${method} ${path} on ${host}: ${status} ${answer.trim()}`);
  return answer;
}

function target(host: string): RequestOptions {
  const url = new URL(host);
  if (url.protocol === "unix:") return { socketPath: decodeURIComponent(url.pathname) };
  if (url.protocol === "tcp:" || url.protocol === "http:")
    return { host: url.hostname, port: url.port || 2375 };
  throw new Error(`the tests can talk to an engine at unix:// or tcp:// (without TLS), not at ${host}`);
}

export interface EngineVersion {
  /** Without Debian's suffix: `20.10.24`. */
  readonly version: string;
  readonly apiVersion: string;
  /** What answers in place of a Docker Engine, e.g. `Podman Engine`; undefined where it is one. */
  readonly stranger: string | undefined;
}

export async function engineVersion(host: string, timeout = 10_000): Promise<EngineVersion> {
  // The engine promises these two fields in every version of `/version`.
  const answer = JSON.parse(await engineCall(host, "GET", "/version", { timeout })) as {
    Version: string;
    ApiVersion: string;
    Components?: readonly { readonly Name: string }[] | null;
  };
  const components = (answer.Components ?? []).map(({ Name }) => Name);
  return {
    version: answer.Version.replace(/\+.*$/, ""),
    apiVersion: answer.ApiVersion,
    stranger: components.includes("Engine") ? undefined : components[0],
  };
}
