import { fromBinary } from "@bufbuild/protobuf";
import { prepareInput } from "../../buildkit/build-input.ts";
import { Trace } from "../../buildkit/trace.ts";
import { StreamTruncatedError } from "../../errors.ts";
import { StatusResponseSchema } from "../../generated/buildkit/control_pb.ts";
import type { BuildInfo } from "../../generated/models.ts";
import type { BuildEvent } from "../../progress/event.ts";
import { toTransferEvent, untilFailure } from "../../progress/progress-line.ts";
import type { RunningBuildOptions } from "./build-options.ts";
import type { BuildTools } from "./build-tools.ts";
import type { BuildQuery } from "./build-query.ts";
import { BuildSession } from "./buildkit-session.ts";

export { solveBuild } from "./buildkit-solve.ts";

const operation = "ImageBuild";

/** A build by BuildKit through `POST /build`, with a session for what it asks. Returns the id of the image. */
export async function* buildWithBuildkit(
  tools: BuildTools,
  query: BuildQuery,
  options: RunningBuildOptions,
): AsyncGenerator<BuildEvent, string, void> {
  const { signal } = options;
  const input = await prepareInput(options);
  using session = await BuildSession.open(tools, input, options);
  const trace = new Trace();
  let imageId: string | undefined;
  try {
    const lines = await tools.caller.call(operation, {
      query: {
        ...query,
        version: "2",
        session: session.id,
        dockerfile: input.dockerfile,
        remote: input.remote,
      },
      headers: {},
      body: input.body,
      signal: session.signal,
    });
    for await (const line of untilFailure(lines, ({ message }) => trace.toError(message, operation))) {
      yield* session.warnings();
      const id = imageIdOf(line);
      if (id !== undefined) {
        imageId = id;
        yield { type: "image", id };
      }
      yield* eventsOf(line, trace);
    }
    yield* session.warnings();
    session.throwIfFailed();
  } catch (error) {
    signal.throwIfAborted();
    throw session.explain(error);
  }
  if (imageId !== undefined) return imageId;
  throw new StreamTruncatedError("The engine's answer to ImageBuild ended before the build did.", {
    operation,
  });
}

function* eventsOf(line: BuildInfo, trace: Trace): Generator<BuildEvent, void, void> {
  if (line.id === "moby.buildkit.trace" && typeof line.aux === "string") {
    yield* trace.read(fromBinary(StatusResponseSchema, Buffer.from(line.aux, "base64")));
    return;
  }
  const event = toTransferEvent(line);
  if (event !== undefined) yield event;
}

function imageIdOf({ aux }: BuildInfo): string | undefined {
  return typeof aux === "object" ? aux.ID : undefined;
}
