import type { CarrierFault } from "../transport/transport-error.ts";

/** What the transport is told of a connection that ssh could not make or keep. */
export function sshFault(code: CarrierFault["code"], message: string, cause?: Error): CarrierFault {
  return Object.assign(new Error(message, cause && { cause }), { code, carrier: "ssh" });
}
