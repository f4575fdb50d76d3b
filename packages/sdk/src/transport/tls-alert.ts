import type { Socket } from "node:net";

/**
 * Makes a TLS error the end of its socket. With TLS 1.3 an engine refuses the client's certificate after the handshake,
 * by an alert. Node emits that error without destroying the socket, and then an end, which undici takes for the reason.
 */
export function destroyOnTlsError(socket: Socket): void {
  if ("encrypted" in socket) socket.on("error", (error) => socket.destroy(error));
}
