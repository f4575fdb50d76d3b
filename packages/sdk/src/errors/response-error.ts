import { DockerError, identify, type DockerErrorOptions } from "./docker-error.ts";

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
