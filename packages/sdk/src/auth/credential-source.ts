import type { CredentialError } from "../errors.ts";
import type { AuthConfig } from "../generated/models.ts";

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
