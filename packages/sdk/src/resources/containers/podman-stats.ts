import { ConflictError, ServerError, type ResponseError } from "../../errors.ts";
import type { Caller } from "../../transport/call.ts";

/**
 * What Podman says in place of a sample of a container that does not run: an error with a status of its own, in an
 * answer with status 200.
 */
export function podmanRefusal(caller: Caller, sample: object): ResponseError | undefined {
  if (caller.podman === undefined || !("message" in sample && "response" in sample)) return undefined;
  const { message, response: status } = sample;
  if (typeof message !== "string" || typeof status !== "number") return undefined;
  const Kind = status === 409 ? ConflictError : ServerError;
  return new Kind(message, { status, operation: "ContainerStats" });
}
