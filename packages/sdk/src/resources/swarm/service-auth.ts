import { registryAuth } from "../../auth/check-auth.ts";
import type { CredentialSource } from "../../auth/credential-source.ts";
import { encodeRegistryAuth } from "../../auth/registry-auth.ts";
import type { AuthConfig, ServiceSpec } from "../../generated/models.ts";
import type { CallOptions } from "../../values/call-options.ts";
import type { Kinds } from "../../values/options.ts";
import { isImageId, parseReference } from "../../values/reference.ts";

/** Credentials that the nodes pull with. */
export interface ServiceAuthOptions extends CallOptions {
  /**
   * For the registry of its image. The swarm keeps it, and every node that runs the service gets it. Default: what
   * the client has for the registry; `{}` is nobody.
   */
  readonly auth?: AuthConfig | undefined;
}

export const serviceAuthKinds: Kinds<Omit<ServiceAuthOptions, "signal">> = { auth: registryAuth("auth") };

/** Without credentials there is no header: an empty one would take away what the service has. */
export async function serviceAuth(
  credentials: CredentialSource,
  { TaskTemplate }: ServiceSpec,
  { auth, signal }: ServiceAuthOptions,
): Promise<{ readonly "X-Registry-Auth"?: string }> {
  const image = TaskTemplate?.ContainerSpec?.Image ?? TaskTemplate?.PluginSpec?.Remote;
  if (image === undefined || isImageId(image)) return {};
  const { registry } = parseReference(image, "TaskTemplate");
  const known = auth ?? (await credentials.get(registry, signal));
  return known === undefined ? {} : { "X-Registry-Auth": encodeRegistryAuth(registry, known) };
}
