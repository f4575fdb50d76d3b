import { registryOfKey } from "../../auth/registry-auth.ts";
import type { BuildInput } from "../../buildkit/build-input.ts";
import type { Route } from "../../buildkit/grpc/route.ts";
import { secretReaders } from "../../buildkit/secret-sources.ts";
import { fileSend, type ReceivedOutput } from "../../buildkit/services/file-send.ts";
import { fileSync } from "../../buildkit/services/file-sync.ts";
import { registryAuth } from "../../buildkit/services/registry-auth.ts";
import { secrets } from "../../buildkit/services/secrets.ts";
import { sshAgents } from "../../buildkit/services/ssh.ts";
import { Session } from "../../buildkit/session.ts";
import { agentConnectors } from "../../buildkit/ssh-sources.ts";
import { CredentialError } from "../../errors.ts";
import type { AuthConfig } from "../../generated/models.ts";
import type { WarningEvent } from "../../progress/event.ts";
import type { BuildOptions, BuildTools } from "./build.ts";

export type SessionOptions = Pick<BuildOptions, "secrets" | "ssh" | "auth"> & {
  readonly signal: AbortSignal;
};

/** The session of one build: what the engine asks of it, and what went wrong on this side. */
export class BuildSession implements Disposable {
  readonly #warnings: WarningEvent[] = [];
  readonly #failures: unknown[] = [];
  readonly #session: Session;

  private constructor(session: Session, failures: unknown[], warnings: WarningEvent[]) {
    this.#session = session;
    this.#failures = failures;
    this.#warnings = warnings;
  }

  static async open(
    tools: BuildTools,
    { folders, sharedKey }: Pick<BuildInput, "folders" | "sharedKey">,
    options: SessionOptions,
    output?: ReceivedOutput,
  ): Promise<BuildSession> {
    const readers = await secretReaders(options.secrets ?? {}, tools.env);
    const agents = await agentConnectors(options.ssh ?? {}, tools.env);
    const failures: unknown[] = [];
    const warnings: WarningEvent[] = [];
    const onFailure = (error: unknown): void => void failures.push(error);
    const routes: Route[] = [
      fileSync(folders, onFailure),
      secrets(readers, onFailure),
      registryAuth((registry) => credentialsFor(registry, tools, options, warnings)),
    ];
    if (agents.size > 0) routes.push(...sshAgents(agents));
    if (output !== undefined) routes.push(fileSend(output, onFailure));
    const session = await Session.open(tools.caller, { routes, sharedKey, signal: options.signal });
    return new BuildSession(session, failures, warnings);
  }

  get id(): string {
    return this.#session.id;
  }

  /** What there is to say since the last time. */
  warnings(): readonly WarningEvent[] {
    return this.#warnings.splice(0);
  }

  /** What went wrong here, which says more than what the engine makes of it; or else that. */
  explain(error: unknown): unknown {
    return this.#failures[0] ?? error;
  }

  [Symbol.dispose](): void {
    this.#session.close();
  }
}

/** A helper that fails may have nothing to do with what the build needs: it goes on as nobody. */
async function credentialsFor(
  registry: string,
  { credentials }: BuildTools,
  { auth = {}, signal }: SessionOptions,
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
