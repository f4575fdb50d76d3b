import type { IncomingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import type { ByteSource } from "../streams/byte-source.ts";

/** An answer, whatever its status. */
export interface EngineResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Must be read to its end or closed. */
  readonly body: ByteSource;
}

/** A connection that left HTTP behind: bytes both ways. Whoever gets it destroys it. */
export interface UpgradedConnection {
  /** What is left of HTTP's connection. */
  readonly socket: Duplex;
  /** Of the engine's answer. */
  readonly headers: IncomingHttpHeaders;
}
