import type {
  DescMessage,
  DescMethodBiDiStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { ServerHttp2Stream } from "node:http2";
import { GrpcError, grpcCodes } from "./grpc-error.ts";
import { MessageWriter, readMessages } from "./message-stream.ts";
import type { Metadata } from "./metadata.ts";

/** A call that came in, before its messages are read. */
export interface IncomingCall {
  readonly stream: ServerHttp2Stream;
  readonly metadata: Metadata;
}

/** What answers the calls of one method. */
export interface Route {
  /** `/package.Service/Method` */
  readonly path: string;
  /** Resolves when the call is answered. Rejects with a {@link GrpcError}, or anything, which counts as `unknown`. */
  readonly serve: (call: IncomingCall) => Promise<void>;
}

/** Both directions of a call. */
export interface DuplexCall<Input extends DescMessage, Output extends DescMessage> {
  readonly metadata: Metadata;
  readonly requests: AsyncGenerator<MessageShape<Input>, void, void>;
  /** Resolves when the next may be sent. */
  readonly send: (message: MessageInitShape<Output>) => Promise<void>;
}

/** The path of a method, e.g. `/grpc.health.v1.Health/Check`. */
export function pathOf(method: {
  readonly name: string;
  readonly parent: { readonly typeName: string };
}): string {
  return `/${method.parent.typeName}/${method.name}`;
}

/** Answers one message with one. */
export function unary<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethodUnary<Input, Output>,
  answer: (request: MessageShape<Input>, metadata: Metadata) => Promise<MessageInitShape<Output>>,
): Route {
  const serve = async ({ stream, metadata }: IncomingCall): Promise<void> => {
    for await (const request of readMessages(stream, method.input)) {
      const message = await answer(request, metadata);
      await new MessageWriter(stream, method.output).send(message);
      return;
    }
    throw new GrpcError(grpcCodes.internal, "the call had no message");
  };
  return { path: pathOf(method), serve };
}

/** Answers one message with many. The call is over when the handler resolves. */
export function stream<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethodServerStreaming<Input, Output>,
  answer: (
    request: MessageShape<Input>,
    metadata: Metadata,
    send: (message: MessageInitShape<Output>) => Promise<void>,
  ) => Promise<void>,
): Route {
  const serve = async (call: IncomingCall): Promise<void> => {
    const { requests, send } = openDuplex(call, method.input, method.output);
    for await (const request of requests) {
      await answer(request, call.metadata, send);
      return;
    }
    throw new GrpcError(grpcCodes.internal, "the call had no message");
  };
  return { path: pathOf(method), serve };
}

/** Hands over both directions. The call is over when the handler resolves. */
export function duplex<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethodBiDiStreaming<Input, Output>,
  handle: (call: DuplexCall<Input, Output>) => Promise<void>,
): Route {
  return { path: pathOf(method), serve: (call) => handle(openDuplex(call, method.input, method.output)) };
}

/** For methods whose messages depend on who calls. */
export function openDuplex<Input extends DescMessage, Output extends DescMessage>(
  { stream, metadata }: IncomingCall,
  input: Input,
  output: Output,
): DuplexCall<Input, Output> {
  const writer = new MessageWriter(stream, output);
  return { metadata, requests: readMessages(stream, input), send: (message) => writer.send(message) };
}
