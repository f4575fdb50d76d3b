/**
 * Every error this library throws. Misuse by the programmer is a `TypeError` or `RangeError`; an aborted call throws the
 * caller's own `signal.reason`.
 */
import { printsOutput, setOutput } from "./error-output.ts";

/** The closed set of {@link DockerError.code} values: what kind of failure it was, for `switch`. */
export type DockerErrorCode =
  | "CONNECTION_FAILED"
  | "ENGINE_GONE"
  | "RESPONSE"
  | "NOT_FOUND"
  | "CONFLICT"
  | "INVALID_REQUEST"
  | "ACCESS_DENIED"
  | "SERVER_ERROR"
  | "UNAVAILABLE"
  | "OPERATION_FAILED"
  | "BUILD_FAILED"
  | "TRANSFER_FAILED"
  | "PROTOCOL"
  | "STREAM_TRUNCATED"
  | "CONTAINER_EXIT"
  | "CONTEXT"
  | "CREDENTIAL"
  | "CONFIG"
  | "UNSUPPORTED";

/** What every error may carry besides its message. */
export interface DockerErrorOptions {
  /** Operation id of the Engine API, e.g. `ContainerStart`. */
  readonly operation?: string | undefined;
  /** What was thrown below. */
  readonly cause?: unknown;
}

// Registered, so that the ESM and the CJS copy of this library recognise each other's errors.
const brand = Symbol.for("docker-engine-sdk.error");

/**
 * Name and code sit on the prototype: `stack` begins with the name that the prototype has while the error is made,
 * and a printed error does not repeat them.
 */
function identify(
  { prototype }: { readonly prototype: DockerError },
  name: string,
  code: DockerErrorCode,
): void {
  const hidden = { enumerable: false, configurable: true, writable: true };
  Object.defineProperties(prototype, { name: { ...hidden, value: name }, code: { ...hidden, value: code } });
}

/** The base class of everything that can go wrong between this library and an engine. */
export class DockerError extends Error {
  /** The class's name; also where a bundler has renamed the class. */
  declare readonly name: string;
  /** What went wrong, for a `switch`: each class has its own, and `ServerError` two. */
  declare readonly code: DockerErrorCode;
  static {
    identify(this, "DockerError", "OPERATION_FAILED");
  }
  /** Operation id of the Engine API that failed, e.g. `ContainerStart`; undefined outside a call. */
  readonly operation: string | undefined;

  constructor(message: string, options: DockerErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.operation = options.operation;
  }

  /** True for any error of this library, also one thrown by another copy of it in the same process. */
  static is(error: unknown): error is DockerError {
    return typeof error === "object" && error !== null && brand in error;
  }
}

Object.defineProperty(DockerError.prototype, brand, { value: true });
printsOutput(DockerError.prototype);

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

/** What a {@link ResponseError} carries besides its message. */
export interface ResponseErrorOptions extends DockerErrorOptions {
  /** HTTP status. */
  readonly status: number;
}

/** The engine answered with an error status. The message is the engine's own. */
export class ResponseError extends DockerError {
  declare readonly name: string;
  declare readonly code:
    | "RESPONSE"
    | "NOT_FOUND"
    | "CONFLICT"
    | "INVALID_REQUEST"
    | "ACCESS_DENIED"
    | "SERVER_ERROR"
    | "UNAVAILABLE";
  static {
    identify(this, "ResponseError", "RESPONSE");
  }
  /** HTTP status. */
  readonly status: number;

  constructor(message: string, options: ResponseErrorOptions) {
    super(message, options);
    this.status = options.status;
  }
}

/** 404: no such object. A swarm call to an engine outside a swarm is a {@link ServerError} with 503 instead. */
export class NotFoundError extends ResponseError {
  declare readonly name: "NotFoundError";
  declare readonly code: "NOT_FOUND";
  static {
    identify(this, "NotFoundError", "NOT_FOUND");
  }
  /** The kind of object looked for, e.g. `container`, `image`. */
  readonly what: string;

  constructor(message: string, options: ResponseErrorOptions & { what: string }) {
    super(message, options);
    this.what = options.what;
  }
}

/** 409: the name is taken, or the object is in a state that forbids the call. */
export class ConflictError extends ResponseError {
  declare readonly name: "ConflictError";
  declare readonly code: "CONFLICT";
  static {
    identify(this, "ConflictError", "CONFLICT");
  }
}

/** 400 and other 4xx: the engine did not accept the request as it was. */
export class InvalidRequestError extends ResponseError {
  declare readonly name: "InvalidRequestError";
  declare readonly code: "INVALID_REQUEST";
  static {
    identify(this, "InvalidRequestError", "INVALID_REQUEST");
  }
}

/** 401 and 403: an authorisation plugin or a registry said no. */
export class AccessDeniedError extends ResponseError {
  declare readonly name: "AccessDeniedError";
  declare readonly code: "ACCESS_DENIED";
  static {
    identify(this, "AccessDeniedError", "ACCESS_DENIED");
  }
}

/** 5xx. `code` is `UNAVAILABLE` for 503 (e.g. not a swarm node). */
export class ServerError extends ResponseError {
  declare readonly name: "ServerError";
  declare readonly code: "SERVER_ERROR" | "UNAVAILABLE";
  static {
    identify(this, "ServerError", "SERVER_ERROR");
  }

  constructor(message: string, options: ResponseErrorOptions) {
    super(message, options);
    if (options.status === 503) this.code = "UNAVAILABLE";
  }
}

/** The engine answered 200 and reported the failure inside the stream. */
export class OperationError extends DockerError {
  declare readonly name: "OperationError" | "BuildError" | "TransferError";
  declare readonly code: "OPERATION_FAILED" | "BUILD_FAILED" | "TRANSFER_FAILED";
  static {
    identify(this, "OperationError", "OPERATION_FAILED");
  }
}

/** A build failed. */
export class BuildError extends OperationError {
  declare readonly name: "BuildError";
  declare readonly code: "BUILD_FAILED";
  static {
    identify(this, "BuildError", "BUILD_FAILED");
  }
  /** The failing step as the Dockerfile has it, e.g. `RUN exit 7`; undefined when no step had begun. */
  readonly step: string | undefined;
  /** Exit code of the failing RUN, when the engine tells it. */
  readonly exitCode: number | undefined;
  /** The tail of the failing step's output. */
  declare readonly log: string;
  /** 1-based line of the Dockerfile, when the engine tells it. */
  readonly line: number | undefined;

  constructor(
    message: string,
    options: DockerErrorOptions & {
      step?: string | undefined;
      exitCode?: number | undefined;
      log?: string | undefined;
      line?: number | undefined;
    } = {},
  ) {
    super(message, options);
    this.step = options.step;
    this.exitCode = options.exitCode;
    setOutput<"log">(this, { log: options.log ?? "" });
    this.line = options.line;
  }
}

/** A pull, push, load or import failed. */
export class TransferError extends OperationError {
  declare readonly name: "TransferError";
  declare readonly code: "TRANSFER_FAILED";
  static {
    identify(this, "TransferError", "TRANSFER_FAILED");
  }
  /** The image reference that was moved, where there is one. */
  readonly reference: string | undefined;

  constructor(message: string, options: DockerErrorOptions & { reference?: string | undefined } = {}) {
    super(message, options);
    this.reference = options.reference;
  }
}

/** The other side does not speak the Engine API as documented: a proxy, another server, a broken frame. */
export class ProtocolError extends DockerError {
  declare readonly name: "ProtocolError";
  declare readonly code: "PROTOCOL";
  static {
    identify(this, "ProtocolError", "PROTOCOL");
  }
}

/** A stream ended in the middle of a frame or a JSON value. */
export class StreamTruncatedError extends DockerError {
  declare readonly name: "StreamTruncatedError";
  declare readonly code: "STREAM_TRUNCATED";
  static {
    identify(this, "StreamTruncatedError", "STREAM_TRUNCATED");
  }
}

/** A `run` or `exec` ended with a code other than 0 (and `check` was not `false`). */
export class ContainerExitError extends DockerError {
  declare readonly name: "ContainerExitError";
  declare readonly code: "CONTAINER_EXIT";
  static {
    identify(this, "ContainerExitError", "CONTAINER_EXIT");
  }
  /** 128 and the signal's number when a signal ended the process. */
  readonly exitCode: number;
  /** Collected output; empty where the output was streamed elsewhere. */
  declare readonly stdout: string;
  /** What it wrote to stderr, as much as was kept. */
  declare readonly stderr: string;
  /** Id of the container. */
  readonly container: string;

  constructor(
    message: string,
    options: DockerErrorOptions & { exitCode: number; stdout: string; stderr: string; container: string },
  ) {
    super(message, options);
    this.exitCode = options.exitCode;
    setOutput<"stdout" | "stderr">(this, { stdout: options.stdout, stderr: options.stderr });
    this.container = options.container;
  }
}

/**
 * What is to be sent, a build context or files to copy, is missing, unreadable, or changed while it was packed; or
 * what is to be copied out of a container cannot be written where it belongs.
 */
export class ContextError extends DockerError {
  declare readonly name: "ContextError";
  declare readonly code: "CONTEXT";
  static {
    identify(this, "ContextError", "CONTEXT");
  }
  /** The file or folder at fault. */
  readonly path: string;

  constructor(message: string, options: DockerErrorOptions & { path: string }) {
    super(message, options);
    this.path = options.path;
  }
}

/** Registry credentials could not be obtained. */
export class CredentialError extends DockerError {
  declare readonly name: "CredentialError";
  declare readonly code: "CREDENTIAL";
  static {
    identify(this, "CredentialError", "CREDENTIAL");
  }
  /** The registry's host name. */
  readonly registry: string;
  /** Name of the credential helper program, if one was asked. */
  readonly helper: string | undefined;

  constructor(
    message: string,
    options: DockerErrorOptions & { registry: string; helper?: string | undefined },
  ) {
    super(message, options);
    this.registry = options.registry;
    this.helper = options.helper;
  }
}

/** A Docker configuration file or environment variable cannot be used. */
export class ConfigError extends DockerError {
  declare readonly name: "ConfigError";
  declare readonly code: "CONFIG";
  static {
    identify(this, "ConfigError", "CONFIG");
  }
  /** The file, or the name of the variable. */
  readonly path: string;
  /** The key inside the file, if one is at fault. */
  readonly key: string | undefined;

  constructor(message: string, options: DockerErrorOptions & { path: string; key?: string | undefined }) {
    super(message, options);
    this.path = options.path;
    this.key = options.key;
  }
}

/** The engine is too old (or too new) for what was asked. Nothing of it was done. */
export class UnsupportedError extends DockerError {
  declare readonly name: "UnsupportedError";
  declare readonly code: "UNSUPPORTED";
  static {
    identify(this, "UnsupportedError", "UNSUPPORTED");
  }
  /** What the call needs, e.g. `API 1.44`. */
  readonly needs: string;
  /** What the engine has, e.g. `API 1.41`. */
  readonly has: string;

  constructor(message: string, options: DockerErrorOptions & { needs: string; has: string }) {
    super(message, options);
    this.needs = options.needs;
    this.has = options.has;
  }
}
