/** The status codes of gRPC that matter here. */
export const grpcCodes = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  resourceExhausted: 8,
  failedPrecondition: 9,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  dataLoss: 15,
} as const;

/** How a call ended, other than well. */
export class GrpcError extends Error {
  override readonly name = "GrpcError";
  /** One of gRPC's status codes. */
  readonly code: number;
  /** `grpc-status-details-bin`: a `google.rpc.Status`. */
  readonly details: Uint8Array | undefined;

  constructor(
    code: number,
    message: string,
    options: { details?: Uint8Array | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }
}

/** For the header `grpc-message`: UTF-8, of which only printable ASCII without `%` stays as it is. */
export function encodeMessage(message: string): string {
  return Array.from(Buffer.from(message, "utf8"), (byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x25
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}

/** Reads `grpc-message`; what is no percent-encoding stays. */
export function decodeMessage(text: string): string {
  const bytes = text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}
