/** The one place that loads docker-engine-sdk, and only when an engine is asked for. */
import type * as Sdk from "docker-engine-sdk";
import { EngineUnavailableError } from "./engine-error.ts";
import type { Engine } from "./port.ts";

/** Which engine, and for whom. */
export interface ConnectOptions {
  /** `--host`. Default: what the docker CLI would use. */
  readonly host?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** An engine and what ends the connection to it. */
export interface Connection extends AsyncDisposable {
  readonly engine: Engine;
}

/** Connects and asks the engine who it is. Throws {@link EngineUnavailableError}. */
export async function connect({ host, environment, signal }: ConnectOptions): Promise<Connection> {
  const { Docker, Operation, renderProgress } = await loadSdk();
  let docker: InstanceType<typeof Docker> | undefined;
  try {
    docker = new Docker({ env: environment, ...(host !== undefined && { host }) });
    const { Version, Os, Arch, Components } = await docker.system.version({ signal });
    const isPodman = Components?.some(({ Name }) => Name === "Podman Engine") === true;
    const engine: Engine = {
      docker,
      host: docker.host,
      version: `${isPodman ? "Podman " : ""}${Version ?? ""}`,
      apiVersion: await docker.apiVersion(),
      platform: `${Os}/${Arch}`,
      draw: (operation, onEvent) =>
        renderProgress(
          new Operation(async function* () {
            for await (const event of operation) {
              onEvent(event);
              yield event;
            }
            return await operation;
          }),
        ),
    };
    const connected = docker;
    return { engine, [Symbol.asyncDispose]: () => connected[Symbol.asyncDispose]() };
  } catch (error) {
    await docker?.[Symbol.asyncDispose]();
    signal?.throwIfAborted();
    throw unavailable(error);
  }
}

/** What to say of an error of the SDK when the engine cannot be reached, or is gone. */
export function unavailable(error: unknown): EngineUnavailableError {
  const tried = error instanceof Error && "tried" in error ? (error.tried as readonly string[]) : [];
  const message = error instanceof Error ? error.message : String(error);
  const places = tried.every((place) => message.includes(place)) ? "" : ` Looked at: ${tried.join(", ")}.`;
  return new EngineUnavailableError(`No engine: ${message}${/[.!?]$/.test(message) ? "" : "."}${places}`, {
    cause: error,
  });
}

async function loadSdk(): Promise<typeof Sdk> {
  try {
    return await import("docker-engine-sdk");
  } catch (cause) {
    const isMissing =
      cause instanceof Error && "code" in cause && /MODULE_NOT_FOUND/.test(String(cause.code));
    if (!isMissing) throw cause;
    throw new EngineUnavailableError(
      "No engine can be asked: the package docker-engine-sdk is not installed beside dflint.",
      { cause },
    );
  }
}
