import { Secrets } from "../../generated/buildkit/secrets_pb.ts";
import { GrpcError, grpcCodes } from "../grpc/grpc-error.ts";
import { unary, type Route } from "../grpc/route.ts";

/** Secrets by id, each read when a step asks for it. Undefined where a source has none. */
export type SecretReaders = ReadonlyMap<string, () => Promise<Uint8Array | undefined>>;

/** @param onFailure is told what a reader throws; the engine is told only that there is no secret. */
export function secrets(readers: SecretReaders, onFailure: (error: unknown) => void): Route {
  return unary(Secrets.method.getSecret, async ({ id }) => {
    let data: Uint8Array | undefined;
    try {
      data = await readers.get(id)?.();
    } catch (error) {
      onFailure(error);
      throw new GrpcError(grpcCodes.unknown, `the secret ${id} could not be read`);
    }
    // Newer engines ask for ids of their own too, e.g. HTTP_AUTH_TOKEN_host: that there is none is no fault.
    if (data === undefined) throw new GrpcError(grpcCodes.notFound, `there is no secret ${id}`);
    return { data };
  });
}
