import { printsOutput } from "./error-output.ts";

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
export function identify(
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
