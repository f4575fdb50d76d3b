import type { CredentialSource } from "../../auth/credential-source.ts";
import { encodeRegistryConfig, registryOfKey } from "../../auth/registry-auth.ts";
import { prepareContext } from "../../build-context/context.ts";
import { BuildError, ResponseError, StreamTruncatedError } from "../../errors.ts";
import type { AuthConfig, BuildInfo } from "../../generated/models.ts";
import type { BuildEvent, WarningEvent } from "../../progress/event.ts";
import { untilFailure } from "../../progress/progress-line.ts";
import type { JsonLines } from "../../streams/json-lines.ts";
import type { Caller } from "../../transport/call.ts";
import type { RunningBuildOptions } from "./build-options.ts";
import type { BuildQuery } from "./build-query.ts";
import { ClassicOutput } from "./classic-output.ts";
import { PodmanOutput } from "./podman-output.ts";

const operation = "ImageBuild";

/** A build by the engine's own builder, the one without BuildKit. Returns the id of the image. */
export async function* buildClassic(
  caller: Caller,
  credentials: CredentialSource,
  query: BuildQuery,
  options: RunningBuildOptions,
): AsyncGenerator<BuildEvent, string, void> {
  const warnings: WarningEvent[] = [];
  const auths = await registryCredentials(credentials, options, warnings);
  yield* warnings;
  const lines = await send(caller, query, auths, options);
  const output = caller.podman === undefined ? new ClassicOutput() : new PodmanOutput();
  try {
    for await (const line of untilFailure(lines, (failure) => output.toError(failure, operation))) {
      yield* output.read(line);
    }
  } catch (error) {
    if (error instanceof BuildError) yield* output.fail();
    throw error;
  }
  const { imageId } = output;
  if (imageId !== undefined) return imageId;
  throw new StreamTruncatedError("The engine's answer to ImageBuild ended before the build did.", {
    operation,
  });
}

async function registryCredentials(
  credentials: CredentialSource,
  { auth = {}, signal }: RunningBuildOptions,
  warnings: WarningEvent[],
): Promise<Readonly<Record<string, AuthConfig>>> {
  // Which of them the build needs is not known: a helper that fails may have nothing to do with it.
  const known = await credentials.all(({ message }) => warnings.push({ type: "warning", message }), signal);
  const given = Object.entries(auth).map(([key, value]) => [registryOfKey(key), value]);
  return { ...known, ...Object.fromEntries(given) };
}

async function send(
  caller: Caller,
  query: BuildQuery,
  auths: Readonly<Record<string, AuthConfig>>,
  { context, dockerfile, signal }: RunningBuildOptions,
): Promise<JsonLines<BuildInfo>> {
  const prepared = await prepareContext({ context, dockerfile, signal, reuseMemory: caller.writesThrough });
  const body = "stream" in prepared ? prepared.stream : undefined;
  try {
    return await caller.call(operation, {
      query: {
        ...query,
        version: "1",
        dockerfile: prepared.dockerfile,
        remote: "remote" in prepared ? prepared.remote : undefined,
        // Nothing is left behind by a build, whether it fails or not.
        rm: true,
        forcerm: true,
      },
      headers: { "X-Registry-Config": encodeRegistryConfig(auths) },
      body,
      signal,
    });
  } catch (error) {
    throw asBuildError(error);
  }
}

/** This builder refuses a faulty Dockerfile with a status, where a step that fails is told in the stream. */
function asBuildError(error: unknown): unknown {
  if (!(error instanceof ResponseError)) return error;
  const { message } = error;
  if (!/dockerfile|build stage|build target|target stage/i.test(message)) return error;
  const [, line] = /parse error (?:on )?line (\d+)/i.exec(message) ?? [];
  return new BuildError(message, {
    operation,
    cause: error,
    line: line === undefined ? undefined : Number(line),
  });
}
