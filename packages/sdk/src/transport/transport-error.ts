import { ConnectionError, DockerError, EngineGoneError, ProtocolError } from "../errors.ts";
import type { EngineRequest } from "./engine-request.ts";
import { isTlsCode, tlsHint } from "./tls-hint.ts";

/**
 * How far an exchange had come when it broke: it had no connection, none of it had left, it may have reached the
 * engine, its answer had begun, it was over.
 */
export type Progress = "unconnected" | "unsent" | "unanswered" | "answered" | "done";

/** The error of a connection that something else carries, e.g. `ssh`; its message says why. */
export interface CarrierFault extends Error {
  /**
   * It never reached the engine, broke after it had, or no longer takes what is written. undici sends what still waits
   * over a new one only after the second.
   */
  readonly code: "CARRIER_FAILED" | "UND_ERR_SOCKET" | "EPIPE";
  readonly carrier: string;
}

const neverReached: CarrierFault["code"] = "CARRIER_FAILED";

/** Turns what undici or the operating system reports into an error that says what happened and what to do. */
export function transportError(
  error: Error & { code?: string; syscall?: string },
  endpoint: { readonly host: string; readonly tried: readonly string[] },
  request: Pick<EngineRequest, "operation" | "body">,
  progress: Progress,
): unknown {
  // What this library has thrown itself, e.g. because the client was disposed.
  if (DockerError.is(error) || error instanceof DOMException) return error;
  const { operation } = request;
  const { host, tried } = endpoint;
  const code = error.code ?? "";
  const options = { operation, host, tried, cause: error };

  if (misuse.test(code)) return new TypeError(`${operation}: ${error.message}`, { cause: error });
  if (progress === "unconnected" || code === neverReached || isTlsCode(code)) {
    return new ConnectionError(
      `Cannot reach the Docker Engine at ${host}: ${hint(code, error, endpoint)}`,
      options,
    );
  }
  if ("carrier" in error) {
    return new EngineGoneError(
      `The connection to the Docker Engine at ${host} broke ${when(progress, request)} (${operation}): ` +
        error.message,
      options,
    );
  }
  if (isCut(error, code)) {
    return new EngineGoneError(
      `The Docker Engine at ${host} closed the connection ${when(progress, request)} (${operation}): ` +
        "it was stopped, restarted or killed.",
      options,
    );
  }
  if (foreign.test(code) || error.name === "HTTPParserError") {
    return new ProtocolError(
      `What answers at ${host} does not speak the Engine API: ${error.message}`,
      options,
    );
  }
  return error;
}

const misuse = /^UND_ERR_(INVALID|NOT_SUPPORTED|REQ_CONTENT_LENGTH_MISMATCH)/;
// undici asserts what it expects of the other side, e.g. that nobody upgrades a connection unasked.
const foreign = /^(HPE_|UND_ERR_HEADERS_OVERFLOW$|UND_ERR_SOCKET$|ERR_ASSERTION$)/;
const cutCodes: ReadonlySet<string> = new Set([
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
  "UND_ERR_DESTROYED",
  "UND_ERR_CLOSED",
]);

function isCut(error: Error & { syscall?: string }, code: string): boolean {
  // An answer that HTTP does not allow comes as a socket error too.
  if (code === "UND_ERR_SOCKET") return !/^bad (response|upgrade)$/.test(error.message);
  // With `Connection: close` a body without its last chunk is the parser's complaint.
  if (error.name === "HTTPParserError") return error.message.includes("EOF");
  return cutCodes.has(code) || error.syscall !== undefined;
}

function when(progress: Progress, request: Pick<EngineRequest, "body">): string {
  if (progress === "answered") return "while it was answering";
  return request.body === undefined ? "before it answered" : "during the upload";
}

function hint(
  code: string,
  error: Error & { reason?: string },
  { host, tried }: Parameters<typeof transportError>[1],
): string {
  if (isTlsCode(code)) {
    return `TLS failed: ${error.reason ?? error.message} (${code}). ${tlsHint(code)}`;
  }
  switch (code) {
    case "ENOENT": {
      const others = tried.length > 1 ? `, nor any of ${tried.slice(1).join(", ")}` : "";
      return (
        `the socket does not exist${others}. Is the engine installed and running? ` +
        "Set DOCKER_HOST if it listens elsewhere."
      );
    }
    case "EACCES":
    case "EPERM":
      return "permission denied. Run as root, or add your user to the group that owns the socket (usually docker).";
    case "ECONNREFUSED":
      return "nothing listens there. Is the engine running?";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "the host name cannot be resolved.";
    case "ETIMEDOUT":
    case "UND_ERR_CONNECT_TIMEOUT":
      return "it does not answer in time.";
    case neverReached:
      return error.message;
    default:
      return host.startsWith("unix:") ? error.message : `${error.message}${code === "" ? "" : ` (${code})`}`;
  }
}
