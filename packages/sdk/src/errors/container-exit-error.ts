import { DockerError, identify, type DockerErrorOptions } from "./docker-error.ts";
import { setOutput } from "./error-output.ts";

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
