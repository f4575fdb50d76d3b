import { registryAuth } from "../../auth/check-auth.ts";
import { asAccessDenied } from "../../auth/access-denied.ts";
import type { CredentialSource } from "../../auth/credential-source.ts";
import { registryAuthHeader } from "../../auth/registry-auth.ts";
import type { AuthConfig, DistributionInspect } from "../../generated/models.ts";
import type { Caller } from "../../transport/call.ts";
import { text } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf } from "../../values/options.ts";
import { formatFamiliar, parseReference, withDefaultTag } from "../../values/reference.ts";
import { checkArguments } from "../check-arguments.ts";

/** How a registry is asked. */
export interface DistributionInspectOptions extends CallOptions {
  /** Credentials for the registry; `{}` asks as nobody. Default: what the client has for it. */
  readonly auth?: AuthConfig | undefined;
}

const inspectOptions = optionsOf<DistributionInspectOptions>("{ auth: { username, password } }", {
  auth: registryAuth("auth"),
});

/** What registries have, asked through the engine. */
export class Distribution {
  static {
    checkArguments(Distribution, "distribution", {
      promises: { inspect: [text("reference", '"busybox:1.36"'), inspectOptions] },
      direct: {},
    });
  }

  readonly #caller: Caller;
  readonly #credentials: CredentialSource;

  constructor(caller: Caller, credentials: CredentialSource) {
    this.#caller = caller;
    this.#credentials = credentials;
  }

  /**
   * Digest, size and platforms of an image in its registry, without pulling it.
   *
   * ```ts
   * const { Descriptor } = await docker.distribution.inspect("ghcr.io/org/app:1.2");
   * const pinned = `ghcr.io/org/app@${Descriptor.digest}`;
   * ```
   *
   * @param reference the tag is `latest` by default
   * @throws AccessDeniedError when the registry does not have it, or wants other credentials: registries do not
   *   tell the two apart
   * @throws NotFoundError or ServerError when the registry does not have it or cannot be reached
   * @throws CredentialError when a credential helper fails
   */
  async inspect(reference: string, options: DistributionInspectOptions = {}): Promise<DistributionInspect> {
    const parsed = withDefaultTag(parseReference(reference));
    const headers = await registryAuthHeader(this.#credentials, parsed.registry, options);
    const path = { name: formatFamiliar(parsed) };
    try {
      return await this.#caller.call("DistributionInspect", { path, headers, signal: options.signal });
    } catch (error) {
      throw asAccessDenied(error);
    }
  }
}
