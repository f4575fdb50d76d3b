import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { ConfigError } from "../errors.ts";
import { configFolder, nonEmpty, type Environment } from "./config-folder.ts";
import { contextEndpoint, currentContext } from "./context.ts";
import { readTlsFiles, type Endpoint, type TlsOptions } from "./endpoint.ts";

export interface EndpointOptions {
  readonly host?: string | undefined;
  readonly context?: string | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly env: Environment;
}

/** The endpoint, and every place that was looked at. */
export interface FoundEndpoint {
  readonly endpoint: Endpoint;
  readonly tried: readonly string[];
}

/**
 * Finds the engine as the docker CLI does: option, `DOCKER_HOST`, `DOCKER_CONTEXT`, the current context of its
 * configuration, the default socket; then the sockets of rootless Docker and Docker Desktop.
 */
export function findEndpoint({ host, context, tls, env }: EndpointOptions): FoundEndpoint {
  if (host !== undefined) return found({ host, tls, source: 'option "host"' });
  if (context !== undefined && context !== "default") {
    return found(withTls(contextEndpoint(context, 'option "context"', env), tls));
  }
  const envHost = nonEmpty(env["DOCKER_HOST"]);
  if (envHost !== undefined) {
    return found({ host: envHost, tls: tls ?? environmentTls(envHost, env), source: "DOCKER_HOST" });
  }
  const chosen = chosenContext(context, env);
  if (chosen !== undefined) return found(withTls(contextEndpoint(chosen.name, chosen.source, env), tls));
  const sockets = defaultSockets(env);
  const present = sockets.find((socket) => existsSync(socketPath(socket)));
  const endpoint = { host: present ?? sockets[0] ?? "", source: "the default" };
  return { endpoint, tried: present === undefined ? sockets : [present] };
}

/** The context named by the environment, else by the configuration; undefined for `default`, which is no file. */
function chosenContext(
  option: string | undefined,
  env: Environment,
): { name: string; source: string } | undefined {
  const name = option ?? nonEmpty(env["DOCKER_CONTEXT"]);
  if (name === undefined) return currentContext(env);
  return name === "default" ? undefined : { name, source: "DOCKER_CONTEXT" };
}

/** The API version that `DOCKER_API_VERSION` pins, as it does for the CLI. @throws ConfigError when it is none. */
export function environmentApiVersion(env: Environment): string | undefined {
  const version = nonEmpty(env["DOCKER_API_VERSION"]);
  if (version === undefined || /^\d+\.\d+$/.test(version)) return version;
  throw new ConfigError(`DOCKER_API_VERSION must look like "1.41": ${JSON.stringify(version)}`, {
    path: "DOCKER_API_VERSION",
  });
}

function found(endpoint: Endpoint): FoundEndpoint {
  const host = endpoint.host.replace(/\/\/[^/@]*:.*@/, "//"); // never a password
  return { endpoint, tried: [`${host} (${endpoint.source})`] };
}

function withTls(endpoint: Endpoint, tls: TlsOptions | undefined): Endpoint {
  return tls === undefined ? endpoint : { ...endpoint, tls };
}

function environmentTls(host: string, env: Environment): TlsOptions | undefined {
  const verify = nonEmpty(env["DOCKER_TLS_VERIFY"]) !== undefined;
  const wanted = verify || nonEmpty(env["DOCKER_TLS"]) !== undefined;
  if (!wanted || !host.startsWith("tcp:")) return undefined;
  return readTlsFiles(nonEmpty(env["DOCKER_CERT_PATH"]) ?? configFolder(env), verify);
}

function defaultSockets(env: Environment): string[] {
  if (process.platform === "win32") return ["npipe:////./pipe/docker_engine"];
  const home = nonEmpty(env["HOME"]) ?? homedir();
  const runtime = nonEmpty(env["XDG_RUNTIME_DIR"]);
  return [
    "unix:///var/run/docker.sock",
    ...(runtime === undefined ? [] : [`unix://${runtime}/docker.sock`]),
    `unix://${home}/.docker/run/docker.sock`,
    `unix://${home}/.docker/desktop/docker.sock`,
  ];
}

function socketPath(host: string): string {
  return host.replace(/^(unix|npipe):\/\//, "");
}
