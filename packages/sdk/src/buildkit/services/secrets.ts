import { Secrets } from "../../generated/buildkit/secrets_pb.ts";
import { GrpcError, grpcCodes } from "../grpc/grpc-error.ts";
import { ConfigError } from "../../errors.ts";
import type { Doubt } from "../doubt.ts";
import { unary, type Route } from "../grpc/route.ts";

// Bytes.
const alwaysTaken = 500 * 1024;

/** Secrets by id, each read when a step asks for it. Undefined where a source has none. */
export type SecretReaders = ReadonlyMap<string, () => Promise<Uint8Array | undefined>>;

/**
 * @param onFailure is told what a reader throws; the engine is told only that there is no secret.
 * @param onDoubt is told of secrets that are larger than some engines take.
 */
export function secrets(
  readers: SecretReaders,
  onFailure: (error: unknown) => void,
  onDoubt: (doubt: Doubt) => void,
): Route {
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
    const { length } = data;
    if (length > alwaysTaken) {
      onDoubt({
        said: /received message larger than max/,
        explain: (cause) =>
          new ConfigError(
            `The secret ${id} of ${length} bytes is larger than this engine takes: ${cause.message}`,
            { path: id, cause },
          ),
      });
    }
    return { data };
  });
}
