import type { AuthConfig } from "../generated/models.ts";
import type { Environment } from "../connection/config-folder.ts";
import type { CredentialSource } from "./credential-source.ts";
import { DockerConfigCredentials } from "./docker-config.ts";

/**
 * Credentials by registry, e.g. `{ "ghcr.io": { username, password } }`; Docker Hub is `docker.io`. Or a source
 * that is asked each time.
 */
export type Credentials = Readonly<Record<string, AuthConfig>> | CredentialSource;

/** The credentials given, or by default those of the docker CLI's configuration. */
export function toCredentialSource(credentials: Credentials | undefined, env: Environment): CredentialSource {
  if (credentials === undefined) return new DockerConfigCredentials(env);
  if (isCredentialSource(credentials)) return credentials;
  return {
    get: async (registry) => credentials[registry],
    all: async () => credentials,
  };
}

/** Whether it is asked for credentials, and not a list of them. */
export function isCredentialSource(value: unknown): value is CredentialSource {
  if (typeof value !== "object" || value === null) return false;
  return (
    "get" in value && typeof value.get === "function" && "all" in value && typeof value.all === "function"
  );
}
