import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { Http2Stream } from "node:http2";
import { drained } from "../../streams/drained.ts";
import { encodeFrame, FrameReader } from "./frames.ts";
import { GrpcError, grpcCodes } from "./grpc-error.ts";

/** The messages of one HTTP/2 stream, read as the reader asks for them. The stream stays open when the reader leaves. */
export async function* readMessages<Desc extends DescMessage>(
  stream: Http2Stream,
  schema: Desc,
): AsyncGenerator<MessageShape<Desc>, void, void> {
  const reader = new FrameReader(schema);
  const chunks: AsyncIterable<Buffer> = stream.iterator({ destroyOnReturn: false });
  try {
    for await (const chunk of chunks) yield* reader.push(chunk);
  } catch (error) {
    if (error instanceof GrpcError) throw error;
    throw new GrpcError(grpcCodes.cancelled, "the call was cut", { cause: error });
  }
  if (reader.isInside) throw new GrpcError(grpcCodes.internal, "the call ended inside a message");
}

/** Writes messages to an HTTP/2 stream, in order, and no faster than they are taken. */
export class MessageWriter<Desc extends DescMessage> {
  readonly #stream: Http2Stream;
  readonly #schema: Desc;
  #drained: Promise<void> | undefined;

  constructor(stream: Http2Stream, schema: Desc) {
    this.#stream = stream;
    this.#schema = schema;
  }

  /** Resolves when the next message may be written. */
  async send(message: MessageInitShape<Desc>): Promise<void> {
    if (this.#stream.destroyed || this.#stream.writableEnded) {
      throw new GrpcError(grpcCodes.cancelled, "the call is over");
    }
    if (!this.#stream.write(encodeFrame(this.#schema, message))) this.#drained ??= this.#drain();
    await this.#drained;
  }

  /** One wait for all senders. */
  async #drain(): Promise<void> {
    try {
      await drained(this.#stream);
    } finally {
      this.#drained = undefined;
    }
  }
}
