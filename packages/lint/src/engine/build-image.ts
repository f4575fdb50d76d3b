/** One build, and what it told: the image or why there is none, and every step with its time. */
import { resolve } from "node:path";
import { TraceRecorder, type BuildTrace } from "./build-trace.ts";
import type { BuildError, BuildEvent, Image, Operation } from "./port.ts";
import type { EngineRun } from "./with-engine.ts";

/** What is built. */
export interface BuildRequest {
  /** The text of the Dockerfile. */
  readonly text: string;
  /** The context's folder; undefined builds without files. */
  readonly context: string | undefined;
  /** The ignore file to use instead of the context's `.dockerignore`; undefined means that one. */
  readonly ignoreText?: string | undefined;
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  /** What FROM and COPY --from may name beside stages and images: folders, or what the engine fetches. */
  readonly contexts?: Readonly<Record<string, string>> | undefined;
  /** The stage. Default: the last. */
  readonly target?: string | undefined;
  readonly platform?: string | undefined;
  /** Files of secrets by id, for `RUN --mount=type=secret`. */
  readonly secrets?:
    | Readonly<Record<string, { readonly file: string } | { readonly env: string }>>
    | undefined;
  /** Whether every step is run anew. Default `false`. */
  readonly noCache?: boolean | undefined;
  /** Which of the engine's builders. Default `auto`: BuildKit where it is. */
  readonly builder?: "auto" | "buildkit" | "classic" | undefined;
}

/** How it is followed. */
export interface BuildFollower {
  /** Draws the build on standard error. Default `false`. */
  readonly draw?: boolean | undefined;
  /** Hears of every event as it comes. */
  readonly onEvent?: ((event: BuildEvent) => void) | undefined;
}

/** Why there is no image. */
export interface BuildFailure {
  readonly message: string;
  /** As the Dockerfile has it; undefined where no step had begun. */
  readonly step: string | undefined;
  /** In the Dockerfile, from 1; undefined where the engine does not tell. */
  readonly line: number | undefined;
  readonly exitCode: number | undefined;
  /** What the step wrote last. */
  readonly log: string;
}

/** An image or a failure. */
export type BuildOutcome = BuildTrace &
  (
    | { readonly image: string; readonly failure: undefined }
    | { readonly image: undefined; readonly failure: BuildFailure }
  );

/** Builds an image with the run's labels. A build that fails is an answer; throws for an engine that does not answer. */
export async function buildImage(
  { engine, labels, stepImages, signal }: EngineRun,
  request: BuildRequest,
  { draw = false, onEvent }: BuildFollower = {},
): Promise<BuildOutcome> {
  const { text, ignoreText, context, ...options } = request;
  const trace = new TraceRecorder();
  const follow = (event: BuildEvent): void => {
    trace.add(event);
    if (event.type === "step" && event.state === "completed" && event.image !== undefined) {
      // FROM ends in the base image, which was there before.
      if (!/^FROM\b/i.test(event.step.name)) stepImages.add(event.image);
    }
    onEvent?.(event);
  };
  try {
    const operation = engine.docker.images.build({
      ...options,
      // A folder may be called "none", too.
      context: context === undefined ? "none" : resolve(context),
      dockerfile: { text, ...(ignoreText !== undefined && { ignore: ignoreText }) },
      labels,
      signal,
    });
    const { id } = await (draw ? engine.draw(operation, follow) : followed(operation, follow));
    return { ...trace.end(), image: id, failure: undefined };
  } catch (error) {
    const failure = failureOf(error);
    if (signal.aborted || failure === undefined) throw error;
    return { ...trace.end(), image: undefined, failure };
  }
}

async function followed(
  operation: Operation<BuildEvent, Image>,
  follow: (event: BuildEvent) => void,
): Promise<Image> {
  for await (const event of operation) follow(event);
  return await operation;
}

/** What the Dockerfile or its files are to blame for; undefined for what went wrong with the engine. */
function failureOf(error: unknown): BuildFailure | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  if (error.code === "BUILD_FAILED") {
    const { message, step, line, exitCode, log } = error as BuildError; // that is what has this code
    return { message, step, line, exitCode, log };
  }
  if (error.code !== "CONTEXT" && error.code !== "UNSUPPORTED") return undefined;
  return { message: error.message, step: undefined, line: undefined, exitCode: undefined, log: "" };
}
