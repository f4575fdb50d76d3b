import { DockerError, identify } from "./docker-error.ts";

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
