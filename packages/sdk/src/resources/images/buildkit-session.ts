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

export type SessionOptions = Pick<BuildOptions, "secrets" | "ssh" | "auth"> & {
  readonly signal: AbortSignal;
};

/** What only some builds need. */
export interface SessionServices {
  /** By the exporter's place in the request. */
  readonly outputs?: ReadonlyMap<number, ReceivedOutput> | undefined;
  readonly uploaded?: UploadedBytes | undefined;
  readonly stores?: ReadonlyMap<string, BlobStore> | undefined;
}

/** The session of one build: what the engine asks of it, and what went wrong on this side. */
export class BuildSession implements Disposable {
  readonly #warnings: WarningEvent[] = [];
  readonly #failures: unknown[] = [];
  readonly #doubts: Doubt[] = [];
  readonly #session: Session;
  /**
   * Aborted with the build, and when something goes wrong on this side: the engine would build without a
   * `.dockerignore` that could not be read.
   */
  readonly signal: AbortSignal;

  private constructor(
    session: Session,
    signal: AbortSignal,
    failures: unknown[],
    doubts: Doubt[],
    warnings: WarningEvent[],
  ) {
    this.#session = session;
    this.signal = signal;
    this.#failures = failures;
    this.#doubts = doubts;
    this.#warnings = warnings;
  }

  static async open(
    tools: BuildTools,
    { folders, sharedKey }: Pick<BuildInput, "folders" | "sharedKey">,
    options: SessionOptions,
    { outputs = new Map(), uploaded, stores }: SessionServices = {},
  ): Promise<BuildSession> {
    const readers = await secretReaders(options.secrets ?? {}, tools.env);
    const agents = await agentConnectors(options.ssh ?? {}, tools.env);
    const failures: unknown[] = [];
    const doubts: Doubt[] = [];
    const warnings: WarningEvent[] = [];
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
    if (stores !== undefined && stores.size > 0) routes.push(...content(stores, onFailure));
    const session = await Session.open(tools.caller, {
      routes,
      sharedKey,
      signal: options.signal,
      onFailure,
    });
    const signal = AbortSignal.any([options.signal, failing.signal]);
    return new BuildSession(session, signal, failures, doubts, warnings);
  }

  get id(): string {
    return this.#session.id;
  }

  /** @throws what went wrong here, if the engine has not noticed. */
  throwIfFailed(): void {
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  /** What there is to say since the last time. */
  warnings(): readonly WarningEvent[] {
    return this.#warnings.splice(0);
  }

  /** What went wrong here, which says more than what the engine makes of it; or else that. */
  explain(error: unknown): unknown {
    if (this.#failures.length > 0) return this.#failures[0];
    if (!(error instanceof Error)) return error;
    return this.#doubts.find(({ said }) => said.test(error.message))?.explain(error) ?? error;
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
