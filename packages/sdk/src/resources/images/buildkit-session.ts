import { registryOfKey } from "../../auth/registry-auth.ts";
import type { BuildInput } from "../../buildkit/build-input.ts";
import type { Doubt } from "../../buildkit/doubt.ts";
import type { BlobStore } from "../../buildkit/cache/blob-store.ts";
import type { Route } from "../../buildkit/grpc/route.ts";
import { secretReaders } from "../../buildkit/secret-sources.ts";
import { content } from "../../buildkit/services/content.ts";
import { fileSend, type ReceivedOutput } from "../../buildkit/services/file-send.ts";
import { fileSync } from "../../buildkit/services/file-sync.ts";
import { registryAuth } from "../../buildkit/services/registry-auth.ts";
import { secrets } from "../../buildkit/services/secrets.ts";
import { sshAgents } from "../../buildkit/services/ssh.ts";
import type { UploadedBytes } from "../../buildkit/services/upload.ts";
import { Session } from "../../buildkit/session.ts";
import { agentConnectors } from "../../buildkit/ssh-sources.ts";
import { CredentialError } from "../../errors.ts";
import type { AuthConfig } from "../../generated/models.ts";
import type { WarningEvent } from "../../progress/event.ts";
import type { BuildOptions } from "./build-options.ts";
import type { BuildTools } from "./build-tools.ts";

export type BuildSessionOptions = Pick<BuildOptions, "secrets" | "ssh" | "auth"> & {
  readonly signal: AbortSignal;
};

/** What only some builds need. */
export interface SessionServices {
  /** By the exporter's place in the request. */
  readonly outputs?: ReadonlyMap<number, ReceivedOutput> | undefined;
  readonly uploaded?: UploadedBytes | undefined;
  readonly stores?: ReadonlyMap<string, BlobStore> | undefined;
}

/** What happened on this side while the engine built. */
class Happenings {
  readonly failures: unknown[] = [];
  readonly doubts: Doubt[] = [];
  readonly warnings: WarningEvent[] = [];
}

/** The session of one build: what the engine asks of it, and what went wrong on this side. */
export class BuildSession implements Disposable {
  readonly #session: Session;
  readonly #happenings: Happenings;
  /**
   * Aborted with the build, and when something goes wrong on this side: the engine would build without a
   * `.dockerignore` that could not be read.
   */
  readonly signal: AbortSignal;

  private constructor(session: Session, signal: AbortSignal, happenings: Happenings) {
    this.#session = session;
    this.signal = signal;
    this.#happenings = happenings;
  }

  static async open(
    tools: BuildTools,
    { folders, sharedKey }: Pick<BuildInput, "folders" | "sharedKey">,
    options: BuildSessionOptions,
    { outputs = new Map(), uploaded, stores = new Map() }: SessionServices = {},
  ): Promise<BuildSession> {
    const readers = await secretReaders(options.secrets ?? {}, tools.env);
    const agents = await agentConnectors(options.ssh ?? {}, tools.env);
    const happenings = new Happenings();
    const { failures, doubts, warnings } = happenings;
    const failing = new AbortController();
    const onFailure = (error: unknown): void => {
      failures.push(error);
      failing.abort(error);
    };
    const onDoubt = (doubt: Doubt): void => void doubts.push(doubt);
    const routes: Route[] = [
      fileSync(folders, onFailure, onDoubt),
      secrets(readers, onFailure, onDoubt),
      registryAuth((registry) => credentialsFor(registry, tools, options, warnings)),
    ];
    if (agents.size > 0) routes.push(...sshAgents(agents));
    if (outputs.size > 0) routes.push(fileSend(outputs, onFailure));
    if (uploaded !== undefined) routes.push(uploaded.route(onFailure));
    if (stores.size > 0) routes.push(...content(stores, onFailure));
    const { signal } = options;
    const session = await Session.open(tools.caller, { routes, sharedKey, signal, onFailure });
    return new BuildSession(session, AbortSignal.any([signal, failing.signal]), happenings);
  }

  get id(): string {
    return this.#session.id;
  }

  /** @throws what went wrong here, if the engine has not noticed. */
  throwIfFailed(): void {
    const { failures } = this.#happenings;
    if (failures.length > 0) throw failures[0];
  }

  /** What there is to say since the last time. */
  warnings(): readonly WarningEvent[] {
    return this.#happenings.warnings.splice(0);
  }

  /** What went wrong here, which says more than what the engine makes of it; or else that. */
  explain(error: unknown): unknown {
    const { failures, doubts } = this.#happenings;
    if (failures.length > 0) return failures[0];
    if (!(error instanceof Error)) return error;
    return doubts.find(({ said }) => said.test(error.message))?.explain(error) ?? error;
  }

  [Symbol.dispose](): void {
    this.#session.close();
  }
}

/** A helper that fails may have nothing to do with what the build needs: it goes on as nobody. */
async function credentialsFor(
  registry: string,
  { credentials }: BuildTools,
  { auth = {}, signal }: BuildSessionOptions,
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
