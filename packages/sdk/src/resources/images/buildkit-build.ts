import { fromBinary } from "@bufbuild/protobuf";
import { registryOfKey } from "../../auth/registry-auth.ts";
import { prepareInput } from "../../buildkit/build-input.ts";
import { secretReaders } from "../../buildkit/secret-sources.ts";
import { fileSync } from "../../buildkit/services/file-sync.ts";
import { registryAuth } from "../../buildkit/services/registry-auth.ts";
import { secrets } from "../../buildkit/services/secrets.ts";
import { sshAgents } from "../../buildkit/services/ssh.ts";
import { Session } from "../../buildkit/session.ts";
import { agentConnectors } from "../../buildkit/ssh-sources.ts";
import { Trace } from "../../buildkit/trace.ts";
import { CredentialError, StreamTruncatedError } from "../../errors.ts";
import { StatusResponseSchema } from "../../generated/buildkit/control_pb.ts";
import type { AuthConfig, BuildInfo } from "../../generated/models.ts";
import type { BuildEvent, WarningEvent } from "../../progress/event.ts";
import { toTransferEvent, untilFailure } from "../../progress/progress-line.ts";
import type { BuildOptions, BuildTools } from "./build.ts";
import type { BuildQuery } from "./build-query.ts";

const operation = "ImageBuild";

/** A build by BuildKit, with a session for what it asks. Returns the id of the image. */
export async function* buildWithBuildkit(
  tools: BuildTools,
  query: BuildQuery,
  options: BuildOptions & { readonly signal: AbortSignal },
): AsyncGenerator<BuildEvent, string, void> {
  const { caller } = tools;
  const { signal, secrets: secretSources = {}, ssh = {} } = options;
  const input = await prepareInput(options);
  const readers = await secretReaders(secretSources, tools.env);
  const agents = agentConnectors(ssh, tools.env);
  const failures: unknown[] = [];
  const warnings: WarningEvent[] = [];
  const onFailure = (error: unknown): void => void failures.push(error);
  const session = await Session.open(caller, {
    routes: [
      fileSync(input.folders, onFailure),
      secrets(readers, onFailure),
      registryAuth((registry) => credentialsFor(registry, tools, options, warnings)),
      ...(agents.size === 0 ? [] : sshAgents(agents)),
    ],
    sharedKey: input.sharedKey,
    signal,
  });
  const trace = new Trace();
  let imageId: string | undefined;
  try {
    const lines = await caller.call(operation, {
      query: {
        ...query,
        version: "2",
        session: session.id,
        dockerfile: input.dockerfile,
        remote: input.remote,
      },
      headers: {},
      body: input.body,
      signal,
    });
    for await (const line of untilFailure(lines, ({ message }) => trace.toError(message, operation))) {
      yield* warnings.splice(0);
      const id = imageIdOf(line);
      if (id !== undefined) {
        imageId = id;
        yield { type: "image", id };
      }
      yield* eventsOf(line, trace);
    }
    yield* warnings.splice(0);
  } catch (error) {
    signal.throwIfAborted();
    // What went wrong here says more than what the engine makes of it.
    const [first] = failures;
    throw first ?? error;
  } finally {
    session.close();
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

/** A helper that fails may have nothing to do with what the build needs: it goes on as nobody. */
async function credentialsFor(
  registry: string,
  { credentials }: BuildTools,
  { auth = {}, signal }: BuildOptions,
  warnings: WarningEvent[],
): Promise<AuthConfig | undefined> {
  const given = Object.entries(auth).find(([key]) => registryOfKey(key) === registry);
  if (given !== undefined) return given[1];
  try {
    return await credentials.get(registry, signal);
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error;
    warnings.push({ type: "warning", message: error.message });
    return undefined;
  }
}
