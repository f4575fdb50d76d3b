import { registryAuth } from "../../auth/check-auth.ts";
import { asAccessDenied } from "../../auth/access-denied.ts";
import type { CredentialSource } from "../../auth/credential-source.ts";
import { registryAuthHeader } from "../../auth/registry-auth.ts";
import type { AuthConfig, PluginPrivilege } from "../../generated/models.ts";
import type { Caller } from "../../transport/call.ts";
import { list, record, type Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf, type Kinds } from "../../values/options.ts";
import { formatFamiliar, parseReference, withDefaultTag } from "../../values/reference.ts";

/** Credentials for a plugin's registry. */
export interface PluginAuthOptions extends CallOptions {
  /** Credentials for the registry; `{}` asks as nobody. Default: what the client has for it. */
  readonly auth?: AuthConfig | undefined;
}

const pluginAuthKinds: Kinds<Omit<PluginAuthOptions, "signal">> = { auth: registryAuth("auth") };

/** Takes {@link PluginAuthOptions}. */
export const pluginAuthOptions: Check = optionsOf<PluginAuthOptions>(
  "{ auth: { username, password } }",
  pluginAuthKinds,
);

/** What a plugin may do; the engine refuses a plugin that wants another set than is granted. */
export interface PluginGrantOptions extends PluginAuthOptions {
  /** `"all"` grants what it wants, unseen. A list is what `plugins.privileges` told. Default: nothing. */
  readonly grant?: "all" | readonly PluginPrivilege[] | undefined;
}

const privilegeList = list("grant", '"all" or what plugins.privileges() told', record);

export const pluginGrantKinds: Kinds<Omit<PluginGrantOptions, "signal">> = {
  ...pluginAuthKinds,
  grant: (value, of) => {
    if (value !== "all") privilegeList(value, of);
  },
};

/** A plugin's reference in the form that the engine takes, and the header for its registry. */
export async function locate(
  credentials: CredentialSource,
  reference: string,
  options: PluginAuthOptions,
): Promise<{ readonly remote: string; readonly headers: { readonly "X-Registry-Auth": string } }> {
  const parsed = withDefaultTag(parseReference(reference));
  const headers = await registryAuthHeader(credentials, parsed.registry, options);
  return { remote: formatFamiliar(parsed), headers };
}

/** What a plugin in a registry wants to be allowed. */
export async function privileges(
  caller: Caller,
  credentials: CredentialSource,
  reference: string,
  options: PluginAuthOptions = {},
): Promise<readonly PluginPrivilege[]> {
  const { remote, headers } = await locate(credentials, reference, options);
  try {
    const { signal } = options;
    const wanted = (await caller.call("GetPluginPrivileges", { query: { remote }, headers, signal })) ?? [];
    // Nothing is also what engines answer when they do not get at the plugin at all (20.10.24 to 28.5.2).
    if (wanted.length === 0) {
      await caller.call("DistributionInspect", { path: { name: remote }, headers, signal });
    }
    return wanted;
  } catch (error) {
    throw asAccessDenied(error);
  }
}
