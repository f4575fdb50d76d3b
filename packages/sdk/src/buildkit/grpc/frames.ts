import {
  fromBinary,
  toBinary,
  create,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import { GrpcError, grpcCodes } from "./grpc-error.ts";

// Bytes. The engine's largest messages are traces and results of some hundred kilobytes.
const longestMessage = 64 * 1024 * 1024;
const headLength = 5;

/** A message as gRPC sends it: whether it is compressed (never), its length, its bytes. */
export function encodeFrame<Desc extends DescMessage>(schema: Desc, message: MessageInitShape<Desc>): Buffer {
  const bytes = toBinary(schema, create(schema, message));
  const frame = Buffer.allocUnsafe(headLength + bytes.length);
  frame[0] = 0;
  frame.writeUInt32BE(bytes.length, 1);
  frame.set(bytes, headLength);
  return frame;
}

/** Cuts the bytes of a call into messages, however they arrive. */
export class FrameReader<Desc extends DescMessage> {
  readonly #schema: Desc;
  readonly #head = Buffer.alloc(headLength);
  #headFilled = 0;
  /** Of a message that comes in several pieces. Made once, since pieces may be single bytes. */
  #body: Buffer | undefined;
  #bodyFilled = 0;

  constructor(schema: Desc) {
    this.#schema = schema;
  }

  /** The messages that this chunk completes. @throws GrpcError for what is no message. */
  *push(chunk: Buffer): Generator<MessageShape<Desc>, void, void> {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#body === undefined) {
        const taken = rest.copy(this.#head, this.#headFilled);
        rest = rest.subarray(taken);
        this.#headFilled += taken;
        if (this.#headFilled < headLength) return;
        this.#headFilled = 0;
        const length = this.#length();
        if (rest.length >= length) {
          yield this.#message(rest.subarray(0, length));
          rest = rest.subarray(length);
          continue;
        }
        this.#body = Buffer.allocUnsafeSlow(length);
        this.#bodyFilled = 0;
      }
      const taken = rest.copy(this.#body, this.#bodyFilled);
      rest = rest.subarray(taken);
      this.#bodyFilled += taken;
      if (this.#bodyFilled < this.#body.length) return;
      const body = this.#body;
      this.#body = undefined;
      yield this.#message(body);
    }
  }

  /** Whether a message was begun and not ended. */
  get isInside(): boolean {
    return this.#headFilled > 0 || this.#body !== undefined;
  }

  #length(): number {
    if (this.#head[0] !== 0)
      throw new GrpcError(grpcCodes.unimplemented, "compressed messages are not understood");
    const length = this.#head.readUInt32BE(1);
    if (length <= longestMessage) return length;
    throw new GrpcError(grpcCodes.resourceExhausted, `a message of ${length} bytes is too long`);
  }

  #message(bytes: Buffer): MessageShape<Desc> {
    try {
      return fromBinary(this.#schema, bytes);
    } catch (cause) {
      const { typeName } = this.#schema;
      throw new GrpcError(grpcCodes.internal, `what came is no ${typeName}`, { cause });
    }
  }
}
