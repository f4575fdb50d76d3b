import type {
  DescMessage,
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import { decodeMessage, GrpcError, grpcCodes } from "./grpc-error.ts";
import { MessageWriter, readMessages } from "./message-stream.ts";
import { ConnectionGuard } from "./connection-guard.ts";
import { pathOf } from "./route.ts";

export interface GrpcCallOptions {
  readonly metadata?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Ends the call; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** Calls gRPC methods on a connection that is already open. Whoever makes it closes it. */
export class GrpcClient {
  readonly #socket: Duplex;
  readonly #session: ClientHttp2Session;
  readonly #guard: ConnectionGuard;

  constructor(socket: Duplex) {
    this.#socket = socket;
    this.#session = connect("http://engine", {
      createConnection: () => socket,
      maxSessionMemory: 256,
      settings: { initialWindowSize: 1 << 20, maxHeaderListSize: 1 << 20, enablePush: false },
    });
    // What ends the connection ends its calls, and they say so.
    this.#session.on("error", () => undefined);
    this.#guard = new ConnectionGuard(this.#session);
  }

  /** One message for one. @throws GrpcError */
  async unary<Input extends DescMessage, Output extends DescMessage>(
    method: DescMethodUnary<Input, Output>,
    request: MessageInitShape<Input>,
    options: GrpcCallOptions = {},
  ): Promise<MessageShape<Output>> {
    let answer: MessageShape<Output> | undefined;
    for await (const message of this.#call(method, request, options)) answer = message;
    if (answer === undefined) throw new GrpcError(grpcCodes.internal, "the answer had no message");
    return answer;
  }

  /** The messages of a streamed answer. Leaving the loop ends the call. @throws GrpcError */
  stream<Input extends DescMessage, Output extends DescMessage>(
    method: DescMethodServerStreaming<Input, Output>,
    request: MessageInitShape<Input>,
    options: GrpcCallOptions = {},
  ): AsyncGenerator<MessageShape<Output>, void, void> {
    return this.#call(method, request, options);
  }

  /** Both directions of a call. */
  duplex<Input extends DescMessage, Output extends DescMessage>(
    method: DescMethodBiDiStreaming<Input, Output>,
    options: GrpcCallOptions = {},
  ): {
    readonly send: (message: MessageInitShape<Input>) => Promise<void>;
    readonly answers: AsyncGenerator<MessageShape<Output>, void, void>;
  } {
    const call = this.#open(method, options);
    const writer = new MessageWriter(call.stream, method.input);
    return { send: (message) => writer.send(message), answers: this.#read(call, method, options) };
  }

  close(): void {
    this.#guard.stop();
    // Not within what reads the connection: if broken frames follow, Node 20 would abort the whole process.
    setImmediate(() => this.#session.destroy());
  }

  async *#call<Input extends DescMessage, Output extends DescMessage>(
    method: DescMethod & { input: Input; output: Output },
    request: MessageInitShape<Input>,
    options: GrpcCallOptions,
  ): AsyncGenerator<MessageShape<Output>, void, void> {
    const call = this.#open(method, options);
    const sending = new MessageWriter(call.stream, method.input).send(request);
    // How the call ends says more.
    sending.catch(() => undefined);
    call.stream.end();
    yield* this.#read(call, method, options);
  }

  #open(method: DescMethod, { metadata = {}, signal }: GrpcCallOptions): OpenCall {
    signal?.throwIfAborted();
    // Closed by either side: no further call goes over it.
    if (this.#session.destroyed || this.#session.closed) throw this.#cut();
    const stream = this.#session.request({
      ":method": "POST",
      ":path": pathOf(method),
      "content-type": "application/grpc",
      te: "trailers",
      ...(metadata as Record<string, string>), // arrays are fine too
    });
    const call: OpenCall = { stream, trailers: undefined };
    stream.on("error", () => undefined);
    stream.on("response", (headers) => {
      if ("grpc-status" in headers) call.trailers = headers;
      else if (headers[":status"] !== 200)
        call.trailers = { "grpc-message": `HTTP status ${headers[":status"]}` };
    });
    stream.on("trailers", (trailers) => {
      call.trailers = trailers;
    });
    return call;
  }

  async *#read<Output extends DescMessage>(
    call: OpenCall,
    { output }: { readonly output: Output },
    { signal }: GrpcCallOptions,
  ): AsyncGenerator<MessageShape<Output>, void, void> {
    const { stream } = call;
    const abort = (): void => {
      stream.close(constants.NGHTTP2_CANCEL);
      // A connection that has broken down without a word never tells that it is closed.
      setImmediate(() => stream.destroy());
    };
    signal?.addEventListener("abort", abort, { once: true });
    const release = this.#guard.hold();
    try {
      try {
        yield* readMessages(stream, output);
      } catch (error) {
        signal?.throwIfAborted();
        if (call.trailers === undefined) throw this.#cut(stream, error);
      }
      signal?.throwIfAborted();
      if (call.trailers === undefined) throw this.#cut(stream);
      checkStatus(call.trailers);
    } finally {
      release();
      signal?.removeEventListener("abort", abort);
      if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL);
    }
  }

  #cut(stream?: ClientHttp2Stream, cause?: unknown): Error {
    // The client was disposed.
    if (this.#socket.errored?.name === "AbortError") return this.#socket.errored;
    if (this.#guard.failure !== undefined) return this.#guard.failure;
    // Engines reset a call whose error they cannot write down, e.g. because it quotes what is no UTF-8.
    if (stream !== undefined && !this.#session.destroyed && stream.rstCode !== constants.NGHTTP2_NO_ERROR) {
      return new GrpcError(grpcCodes.dataLoss, "the engine broke off without saying why", { cause });
    }
    if (cause instanceof GrpcError && cause.code !== grpcCodes.cancelled) return cause;
    return new GrpcError(grpcCodes.unavailable, "the connection was cut", { cause });
  }
}

type Headers = Readonly<Record<string, unknown>>;

interface OpenCall {
  readonly stream: ClientHttp2Stream;
  trailers: Headers | undefined;
}

/** @throws GrpcError for any status but 0. */
function checkStatus(trailers: Headers): void {
  const code = Number(trailers["grpc-status"] ?? grpcCodes.unknown);
  if (code === grpcCodes.ok) return;
  const text = trailers["grpc-message"];
  const details = trailers["grpc-status-details-bin"];
  throw new GrpcError(
    code,
    typeof text === "string" ? decodeMessage(text) : `the call ended with status ${code}`,
    {
      details: typeof details === "string" ? Buffer.from(details, "base64") : undefined,
    },
  );
}
