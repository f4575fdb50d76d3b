import { DockerError, identify, type DockerErrorOptions } from "./docker-error.ts";
import { setOutput } from "./error-output.ts";

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
