import type { AuthConfig } from "../generated/models.ts";
import type { CallOptions } from "../values/call-options.ts";
import { defaultRegistry } from "../values/reference.ts";
import type { CredentialSource } from "./credential-source.ts";

/** The key of Docker Hub in the docker CLI's files, in credential helpers and towards the engine. */
const dockerHubKey = "https://index.docker.io/v1/";

/** What a registry is called in the docker CLI's files, in credential helpers and towards the engine. */
export function registryKey(registry: string): string {
  return registry === defaultRegistry ? dockerHubKey : registry;
}

/** The registry that a key of the docker CLI's files means: old ones are URLs. */
export function registryOfKey(key: string): string {
  const host = key.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return host === "index.docker.io" || host === "registry-1.docker.io" ? defaultRegistry : host;
}

/** How a registry is asked. */
interface RegistryAuthOptions extends CallOptions {
  /** Default: what the client has for the registry. `{}` asks as nobody. */
  readonly auth?: AuthConfig | undefined;
}

/** The header of a call that makes the engine turn to a registry. @throws CredentialError when a helper fails. */
export async function registryAuthHeader(
  credentials: CredentialSource,
  registry: string,
  { auth, signal }: RegistryAuthOptions,
): Promise<{ readonly "X-Registry-Auth": string }> {
  const known = auth ?? (await credentials.get(registry, signal));
  return { "X-Registry-Auth": encodeRegistryAuth(registry, known) };
}

/** The value of `X-Registry-Auth`. The engine wants one on every push, an empty object for nobody. */
export function encodeRegistryAuth(registry: string, auth: AuthConfig | undefined): string {
  return encode(auth === undefined ? {} : { serveraddress: registryKey(registry), ...auth });
}

/** The `X-Registry-Config` header of builds: credentials for all registries that base images may come from. */
export function encodeRegistryConfig(credentials: Readonly<Record<string, AuthConfig>>): string {
  const entries = Object.entries(credentials).map(([registry, auth]) => {
    const key = registryKey(registry);
    return [key, { serveraddress: key, ...auth }];
  });
  return encode(Object.fromEntries(entries));
}

/** Base64 in the alphabet for URLs; the engine's decoder insists on the padding that Node leaves out. */
function encode(value: object): string {
  const text = Buffer.from(JSON.stringify(value)).toString("base64url");
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}
