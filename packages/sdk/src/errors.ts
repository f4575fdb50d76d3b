/**
 * Every error this library throws. Misuse by the programmer is a `TypeError` or `RangeError`; an aborted call throws the
 * caller's own `signal.reason`.
 *
 * ```
 * DockerError
 * ├─ ConnectionError             EngineGoneError
 * ├─ ResponseError               NotFoundError, ConflictError, InvalidRequestError, AccessDeniedError, ServerError
 * ├─ OperationError              BuildError, TransferError
 * ├─ ProtocolError, StreamTruncatedError
 * ├─ ContainerExitError
 * └─ ContextError, CredentialError, ConfigError, UnsupportedError
 * ```
 */
export { DockerError, type DockerErrorCode, type DockerErrorOptions } from "./errors/docker-error.ts";
export { ConnectionError, EngineGoneError } from "./errors/connection-error.ts";
export {
  ResponseError,
  type ResponseErrorOptions,
  NotFoundError,
  ConflictError,
  InvalidRequestError,
  AccessDeniedError,
  ServerError,
} from "./errors/response-error.ts";
export { OperationError, BuildError, TransferError } from "./errors/operation-error.ts";
export { ProtocolError, StreamTruncatedError } from "./errors/stream-error.ts";
export { ContainerExitError } from "./errors/container-exit-error.ts";
export { ContextError, CredentialError, ConfigError, UnsupportedError } from "./errors/local-error.ts";
