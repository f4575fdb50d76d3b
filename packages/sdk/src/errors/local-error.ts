/** What is wrong on this side, or was seen to be before anything was sent. */
import { DockerError, identify, type DockerErrorOptions } from "./docker-error.ts";

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
