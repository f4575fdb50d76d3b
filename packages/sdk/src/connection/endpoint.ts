import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import { ConfigError } from "../errors.ts";
import type { TransportOptions } from "../transport/transport.ts";
import type { Environment } from "./config-folder.ts";
import { sshConnector } from "./ssh-connection.ts";
import { parseSshTarget, showSshTarget } from "./ssh-target.ts";

/** Certificates for an engine that listens on TCP with TLS, in PEM. */
export interface TlsOptions {
  /** Certificates of the authorities that may have signed the engine's, PEM. Default: those that Node trusts. */
  readonly ca?: string | Uint8Array | undefined;
  /** The client's certificate, PEM, for engines that ask for one. Default: none. */
  readonly cert?: string | Uint8Array | undefined;
  /** The private key of `cert`, PEM, without a passphrase. Default: none. */
  readonly key?: string | Uint8Array | undefined;
  /** `false` accepts any certificate. Default `true`. */
  readonly verify?: boolean | undefined;
}

/** Where an engine listens. */
export interface Endpoint {
  /** `unix:///path`, `npipe:////./pipe/name`, `tcp://name:port`, `ssh://user@name`. */
  readonly host: string;
  readonly tls?: TlsOptions | undefined;
  /** Where the host was found, e.g. `DOCKER_HOST`, for messages. */
  readonly source: string;
}

/** What the transport takes from here. */
type Connection = Pick<TransportOptions, "host" | "origin" | "connect" | "shortConnections" | "sparing">;

// Each is a process here and a login there.
const shortConnectionsOverSsh = 4;

// Of `sun_path`, with the zero that ends it. Node cuts what is longer, and says that the rest does not exist.
const longestSocketPath = process.platform === "darwin" ? 103 : 107;

/**
 * What the transport needs to connect.
 * @param env for `ssh`.
 * @throws ConfigError for an address that cannot be one.
 */
export function connectTo(endpoint: Endpoint, env: Environment): Connection {
  const { host, tls, source } = endpoint;
  if (host.startsWith("ssh://")) {
    const target = parseSshTarget(host, source);
    const connect = sshConnector(target, env);
    const shortConnections = shortConnectionsOverSsh;
    const shown = showSshTarget(target);
    return { host: shown, origin: "http://docker", connect, shortConnections, sparing: true };
  }
  if (host.startsWith("unix://")) {
    const socketPath = host.slice("unix://".length);
    if (socketPath === "") throw badHost(endpoint, "the path of the socket is missing");
    if (Buffer.byteLength(socketPath) > longestSocketPath) {
      throw badHost(endpoint, `the path of a socket has at most ${longestSocketPath} bytes`);
    }
    return { host, origin: "http://docker", connect: { socketPath } };
  }
  if (host.startsWith("npipe://")) {
    const socketPath = host.slice("npipe://".length).replaceAll("/", "\\");
    return { host, origin: "http://docker", connect: { socketPath } };
  }
  const url = parseUrl(endpoint);
  const secure = tls !== undefined || url.protocol === "https:";
  if (!["tcp:", "http:", "https:"].includes(url.protocol)) {
    const schemes = "unix, npipe, tcp, ssh, http, https";
    throw badHost(endpoint, missingScheme(host) ?? `the scheme "${url.protocol}//" is not one of ${schemes}`);
  }
  if (url.pathname + url.search + url.hash !== "/") throw badHost(endpoint, "it must not have a path");
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError(`The host given by ${source} must not hold a user name or password.`, {
      path: source,
    });
  }
  const port = portOf(host, secure);
  return {
    host: `tcp://${url.hostname}:${port}`,
    origin: `${secure ? "https" : "http"}://${url.hostname}:${port}`,
    connect: secure ? tlsConnect(tls ?? {}) : {},
  };
}

/**
 * The files that `DOCKER_CERT_PATH` holds, as the docker CLI takes them: who is not to be verified needs no `ca.pem`,
 * and an engine that asks for no certificate needs neither `cert.pem` nor `key.pem`.
 * @throws ConfigError when one that is needed cannot be read.
 */
export function readTlsFiles(folder: string, verify: boolean): TlsOptions {
  const anonymous = !existsSync(join(folder, "cert.pem")) && !existsSync(join(folder, "key.pem"));
  return {
    verify,
    ...(verify && { ca: readTlsFile(folder, "ca.pem") }),
    ...(!anonymous && { cert: readTlsFile(folder, "cert.pem"), key: readTlsFile(folder, "key.pem") }),
  };
}

/** @throws ConfigError when it cannot be read. */
export function readTlsFile(folder: string, name: string): Uint8Array {
  const path = join(folder, name);
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ConfigError(`Cannot read the TLS file ${path}: ${(cause as Error).message}`, { path, cause });
  }
}

function tlsConnect({ ca, cert, key, verify = true }: TlsOptions): NonNullable<TransportOptions["connect"]> {
  const bytes = (pem: string | Uint8Array): string | Buffer =>
    typeof pem === "string" ? pem : Buffer.from(pem);
  const options: ConnectionOptions = {
    rejectUnauthorized: verify,
    ...(ca !== undefined && { ca: bytes(ca) }),
    ...(cert !== undefined && { cert: bytes(cert) }),
    ...(key !== undefined && { key: bytes(key) }),
  };
  return options as NonNullable<TransportOptions["connect"]>; // undici passes them on to tls.connect
}

function parseUrl(endpoint: Endpoint): URL {
  // `tcp:` is no special scheme to the URL parser, so its host would not be normalised; without one it is this machine.
  const text = endpoint.host.replace(/^tcp:\/\/(?=:|\/?$)/, "tcp://localhost").replace(/^tcp:/, "http:");
  try {
    return new URL(text);
  } catch {
    const examples = "unix:///var/run/docker.sock or tcp://127.0.0.1:2375";
    throw badHost(endpoint, missingScheme(endpoint.host) ?? `it is not an address such as ${examples}`);
  }
}

/** What is wrong with a path, a pipe, or a name with or without a port, and what it is to be. */
function missingScheme(host: string): string | undefined {
  const path = /^(?:unix:)?(\.{0,2}\/[^@]+)$/.exec(host)?.[1];
  const pipe = /^(?:npipe:)?[/\\]{2}\.[/\\]pipe[/\\](\w+)$/.exec(host)?.[1];
  const address = /^(?:tcp:)?((?:\[[\da-f:.]+\]|[\w.-]+)(?::\d+)?)\/?$/i.exec(host)?.[1];
  if (pipe !== undefined) return `it has no scheme; write npipe:////./pipe/${pipe}`;
  if (path !== undefined && !path.startsWith("//")) return `it has no scheme; write unix://${path}`;
  return address === undefined ? undefined : `it has no scheme; write tcp://${address}`;
}

/** The URL parser drops a port that is the default of its scheme, though it is not the engine's. */
function portOf(host: string, secure: boolean): string {
  const [, port] = /:(\d+)\/?$/.exec(host) ?? [];
  if (port !== undefined) return port;
  if (host.startsWith("tcp:")) return secure ? "2376" : "2375";
  return secure ? "443" : "80";
}

function badHost({ host, source }: Endpoint, why: string): ConfigError {
  const shown = host.replace(/^([\w+.-]+:\/\/|\/\/)?.*@/s, "$1"); // a password may hold any character
  return new ConfigError(`The host ${JSON.stringify(shown)} given by ${source} cannot be used: ${why}.`, {
    path: source,
  });
}
