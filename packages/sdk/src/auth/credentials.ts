import type { AuthConfig } from "../generated/models.ts";
import type { Environment } from "../connection/environment.ts";
import type { CredentialError } from "../errors.ts";
import { DockerConfigCredentials } from "./docker-config.ts";

/** Where credentials for registries come from. */
export interface CredentialSource {
  /**
   * The credentials for one registry.
   * @param registry host with its port if it has one; Docker Hub is `docker.io`.
   * @returns undefined to go without.
   */
  get(registry: string, signal?: AbortSignal): Promise<AuthConfig | undefined>;
  /**
   * Those of all registries known, by registry as above; for builds, whose base images may come from any. What cannot be
   * obtained is told to `skipped` and left out.
   */
  all(
    skipped: (problem: CredentialError) => void,
    signal?: AbortSignal,
  ): Promise<Readonly<Record<string, AuthConfig>>>;
}

/**
 * Credentials by registry, e.g. `{ "ghcr.io": { username, password } }`; Docker Hub is `docker.io`. Or a source
 * that is asked each time.
 */
export type Credentials = Readonly<Record<string, AuthConfig>> | CredentialSource;

/** The credentials given, or by default those of the docker CLI's configuration. */
export function toCredentialSource(credentials: Credentials | undefined, env: Environment): CredentialSource {
  if (credentials === undefined) return new DockerConfigCredentials(env);
  if (isSource(credentials)) return credentials;
  return {
    get: async (registry) => credentials[registry],
    all: async () => credentials,
  };
}

function isSource(credentials: Credentials): credentials is CredentialSource {
  return typeof credentials["get"] === "function" && typeof credentials["all"] === "function";
}
