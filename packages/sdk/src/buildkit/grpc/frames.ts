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
  #parts: Buffer[] = [];
  #length = 0;

  constructor(schema: Desc) {
    this.#schema = schema;
  }

  /** The messages that this chunk completes. @throws GrpcError for what is no message. */
  *push(chunk: Buffer): Generator<MessageShape<Desc>, void, void> {
    this.#parts.push(chunk);
    this.#length += chunk.length;
    for (let frame = this.#take(); frame !== undefined; frame = this.#take()) {
      let message: MessageShape<Desc>;
      try {
        message = fromBinary(this.#schema, frame);
      } catch (cause) {
        const { typeName } = this.#schema;
        throw new GrpcError(grpcCodes.internal, `what came is no ${typeName}`, { cause });
      }
      yield message;
    }
  }

  /** Whether a message was begun and not ended. */
  get isInside(): boolean {
    return this.#length > 0;
  }

  #take(): Buffer | undefined {
    if (this.#length < headLength) return undefined;
    const [first = Buffer.alloc(0)] = this.#parts;
    const head = first.length >= headLength ? first : this.#join();
    const length = head.readUInt32BE(1);
    if (head[0] !== 0) throw new GrpcError(grpcCodes.unimplemented, "compressed messages are not understood");
    if (length > longestMessage) {
      throw new GrpcError(grpcCodes.resourceExhausted, `a message of ${length} bytes is too long`);
    }
    const end = headLength + length;
    if (this.#length < end) return undefined;
    const all = this.#join();
    this.#parts = all.length === end ? [] : [all.subarray(end)];
    this.#length -= end;
    return all.subarray(headLength, end);
  }

  #join(): Buffer {
    const [first] = this.#parts;
    const joined = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    this.#parts = [joined];
    return joined;
  }
}
