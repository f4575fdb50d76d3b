import type { ByteSource } from "../../streams/byte-source.ts";
import { socketSource } from "../../streams/socket-source.ts";
import type { Caller } from "../../transport/call.ts";
import type { UpgradedConnection } from "../../transport/engine-response.ts";
import { confirmEnd, engineGone } from "../confirm-end.ts";

/**
 * What comes out of a hijacked connection. A killed engine ends it cleanly, so its end is confirmed.
 * @param ask asks the engine about the process.
 */
export function outputOf(
  caller: Caller,
  { socket }: UpgradedConnection,
  signal: AbortSignal | undefined,
  ask: () => Promise<unknown>,
): ByteSource {
  const explain = (error: Error): unknown => {
    if (isUnreadInput(caller, error)) return undefined;
    // The client was disposed: what was cut is no end, and the engine is there.
    return error.name === "AbortError" ? error : engineGone(caller, error);
  };
  return confirmEnd(caller, socketSource(socket, explain, signal), ask);
}

/**
 * Whether a socket of this machine was closed while input was in it that the process did not read: Linux tells a
 * reset instead of the end (seen on 20.10.24), after all that the engine wrote. Over TCP a reset comes where no end
 * has, and what was under way may be lost.
 */
function isUnreadInput({ host }: Caller, error: NodeJS.ErrnoException): boolean {
  return host.startsWith("unix:") && error.code === "ECONNRESET" && error.syscall === "read";
}
