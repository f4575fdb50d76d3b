import { DockerError, identify, type DockerErrorOptions } from "./docker-error.ts";

/** The engine could not be reached: no socket, no permission, refused, TLS. The message says what to do. */
export class ConnectionError extends DockerError {
  declare readonly name: "ConnectionError" | "EngineGoneError";
  declare readonly code: "CONNECTION_FAILED" | "ENGINE_GONE";
  static {
    identify(this, "ConnectionError", "CONNECTION_FAILED");
  }
  /** The endpoint, e.g. `unix:///var/run/docker.sock`, without credentials. */
  readonly host: string;
  /** Every place looked at to find the engine, in order. */
  readonly tried: readonly string[];

  constructor(
    message: string,
    options: DockerErrorOptions & { host: string; tried?: readonly string[] | undefined },
  ) {
    super(message, options);
    this.host = options.host;
    this.tried = options.tried ?? [options.host];
  }
}

/** The engine was there, and a stream or an upload was cut: it died, was restarted, or dropped the connection. */
export class EngineGoneError extends ConnectionError {
  declare readonly name: "EngineGoneError";
  declare readonly code: "ENGINE_GONE";
  static {
    identify(this, "EngineGoneError", "ENGINE_GONE");
  }
}
