import type { CredentialSource } from "../../auth/credential-source.ts";
import { Operation } from "../../operation.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import { optionsOf } from "../../values/options.ts";
import { fetchPlugin, type PluginEvent } from "./fetch.ts";
import { pluginGrantKinds, type PluginGrantOptions } from "./privileges.ts";

/** What a plugin becomes. */
export interface PluginUpgradeOptions extends PluginGrantOptions {
  /** What to take instead. Default: the newest of the reference that it was installed from. */
  readonly reference?: string | undefined;
}

/** Takes {@link PluginUpgradeOptions}. */
export const pluginUpgradeOptions: Check = optionsOf<PluginUpgradeOptions>('{ grant: "all" }', {
  ...pluginGrantKinds,
  reference: "text",
});

export function upgrade(
  caller: Caller,
  credentials: CredentialSource,
  name: string,
  options: PluginUpgradeOptions = {},
): Operation<PluginEvent, void> {
  return new Operation<PluginEvent, void>(async function* (signal) {
    const path = { name };
    const { Name, PluginReference } = await caller.call("PluginInspect", { path, signal });
    const reference = options.reference ?? PluginReference ?? Name;
    const granted = { ...options, signal };
    yield* fetchPlugin(
      caller,
      credentials,
      "PluginUpgrade",
      reference,
      granted,
      ({ remote, headers, body }) =>
        caller.call("PluginUpgrade", { path, query: { remote }, headers, body, signal }),
    );
  }, options.signal);
}
