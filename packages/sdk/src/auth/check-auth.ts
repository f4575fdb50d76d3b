import type { AuthConfig } from "../generated/models.ts";
import { optional, type Check } from "../values/argument.ts";
import { eachOf } from "../values/named-values.ts";
import { objectOf } from "../values/options.ts";

const example = '{ username: "me", password: "…" }';

/** Takes credentials for a registry. With a misspelt name it would be asked as nobody. */
export function registryAuth(argument: string): Check {
  return objectOf<AuthConfig & { readonly email?: string | undefined }>(argument, example, {
    username: "text",
    password: "text",
    auth: "text",
    serveraddress: "text",
    identitytoken: "text",
    registrytoken: "text",
    email: "text", // in old files of the docker CLI
  });
}

/** Takes credentials by registry. */
export function registryAuths(argument: string): Check {
  return eachOf(argument, '{ "ghcr.io": { username, password } }', (registry) =>
    optional(registryAuth(registry)),
  );
}
