import { ConnectionError, DockerError, EngineGoneError, ProtocolError } from "../errors.ts";
import type { EngineRequest, TransportOptions } from "./transport.ts";

/** How far an exchange had come when it broke. */
export type Progress = "unconnected" | "unanswered" | "answered" | "done";

/** Turns what undici or the operating system reports into an error that says what happened and what to do. */
export function transportError(
  error: Error & { code?: string },
  { host, tried }: Pick<TransportOptions, "host" | "tried">,
  request: Pick<EngineRequest, "operation" | "body">,
  progress: Progress,
): unknown {
  // An error of the body's own producer, e.g. an unreadable file of the build context.
  if (DockerError.is(error) || error instanceof DOMException) return error;
  const { operation } = request;
  const code = error.code ?? "";
  const options = { operation, host, tried, cause: error };

  if (code.startsWith("UND_ERR_INVALID") || error instanceof TypeError) {
    return new TypeError(`${operation}: ${error.message}`, { cause: error });
  }
  if (progress === "unconnected") {
    return new ConnectionError(
      `Cannot reach the Docker Engine at ${host}: ${hint(code, error, host)}`,
      options,
    );
  }
  if (code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW" || code === "UND_ERR_RESPONSE") {
    return new ProtocolError(
      `What answers at ${host} does not speak the Engine API: ${error.message}`,
      options,
    );
  }
  // With `Connection: close` undici reports a body without its last chunk as the parser's complaint.
  const endedEarly = error.name === "HTTPParserError" && error.message.includes("EOF");
  if (!cut.has(code) && !endedEarly) return error;
  const when =
    progress === "answered"
      ? "while it was answering"
      : request.body === undefined
        ? "before it answered"
        : "during the upload";
  return new EngineGoneError(
    `The Docker Engine at ${host} closed the connection ${when} (${operation}): it was stopped, restarted or killed.`,
    options,
  );
}

const cut: ReadonlySet<string> = new Set([
  "UND_ERR_SOCKET",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
  "UND_ERR_DESTROYED",
  "UND_ERR_CLOSED",
  "ECONNRESET",
  "EPIPE",
  "ECONNABORTED",
]);

function hint(code: string, error: Error, host: string): string {
  switch (code) {
    case "ENOENT":
      return "the socket does not exist. Is the engine installed and running? Set DOCKER_HOST if it listens elsewhere.";
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
    default:
      return host.startsWith("unix:") ? error.message : `${error.message}${code === "" ? "" : ` (${code})`}`;
  }
}
