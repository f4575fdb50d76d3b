import type { CredentialSource } from "../../auth/credential-source.ts";
import { Operation } from "../../operation.ts";
import type { Caller } from "../../transport/call.ts";
import { texts, type Check } from "../../values/argument.ts";
import { optionsOf } from "../../values/options.ts";
import { formatFamiliar, parseReference, withDefaultTag } from "../../values/reference.ts";
import { fetchPlugin, type PluginEvent } from "./fetch.ts";
import { Plugin } from "./plugin.ts";
import { pluginGrantKinds, type PluginGrantOptions } from "./privileges.ts";

/** How a plugin is installed. */
export interface PluginInstallOptions extends PluginGrantOptions {
  /** Local name. Default: the reference. */
  readonly name?: string | undefined;
  /** `NAME=value`, before it is enabled; see `set`. */
  readonly settings?: readonly string[] | undefined;
  /** Starts it once it is there. Default `true`. */
  readonly enable?: boolean | undefined;
}

/** Takes {@link PluginInstallOptions}. */
export const pluginInstallOptions: Check = optionsOf<PluginInstallOptions>('{ grant: "all" }', {
  ...pluginGrantKinds,
  name: "text",
  settings: texts("settings", '["NAME=value"]'),
  enable: "boolean",
});

/** @throws TypeError when the reference or the name is malformed. */
export function install(
  caller: Caller,
  credentials: CredentialSource,
  reference: string,
  options: PluginInstallOptions = {},
): Operation<PluginEvent, Plugin> {
  const { settings = [], enable = true } = options;
  const name = formatFamiliar(withDefaultTag(parseReference(options.name ?? reference)));
  return new Operation(async function* (signal) {
    const granted = { ...options, signal };
    yield* fetchPlugin(caller, credentials, "PluginPull", reference, granted, ({ remote, headers, body }) =>
      caller.call("PluginPull", { query: { remote, name }, headers, body, signal }),
    );
    const plugin = new Plugin(caller, credentials, name);
    // The stream has no last line: that the plugin is there is what proves it.
    await plugin.inspect({ signal });
    if (settings.length > 0) await plugin.set(settings, { signal });
    if (enable) await plugin.enable({ signal });
    return plugin;
  }, options.signal);
}
