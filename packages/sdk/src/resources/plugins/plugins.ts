import type { CredentialSource } from "../../auth/credential-source.ts";
import type { Plugin as PluginInspect, PluginPrivilege } from "../../generated/models.ts";
import type { Operation } from "../../operation.ts";
import type { Caller, RequestBytes } from "../../transport/call.ts";
import { bytesOrText, text } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { filterOptions, toFilters, type FilterOptions } from "../../values/filters.ts";
import { ref, toId, type Ref } from "../../values/id.ts";
import { callOptions, optionsOf } from "../../values/options.ts";
import { checkArguments } from "../check-arguments.ts";
import { exists } from "../exists.ts";
import type { PluginEvent } from "./fetch.ts";
import { install, pluginInstallOptions, type PluginInstallOptions } from "./install.ts";
import { Plugin } from "./plugin.ts";
import { pluginAuthOptions, privileges, type PluginAuthOptions } from "./privileges.ts";

/** Which plugins are listed. */
export interface PluginListOptions extends CallOptions {
  /** Only what matches, e.g. `{ enabled: true, capability: "volumedriver" }`. Default: all. */
  readonly filters?: FilterOptions<"PluginList"> | undefined;
}

const listOptions = optionsOf<PluginListOptions>("{ filters: { enabled: true } }", {
  filters: filterOptions,
});
const reference = text("reference", '"vieux/sshfs"');

/** The plugins of an engine: programs that add volume, network, log and authorisation drivers. */
export class Plugins {
  static {
    checkArguments(Plugins, "plugins", {
      promises: {
        list: [listOptions],
        exists: [ref("plugin"), callOptions],
        create: [
          text("name", '"org/plugin"'),
          bytesOrText("tar", 'createReadStream("plugin.tar")'),
          callOptions,
        ],
        privileges: [reference, pluginAuthOptions],
      },
      direct: { get: [ref("plugin")], install: [reference, pluginInstallOptions] },
    });
  }

  readonly #caller: Caller;
  readonly #credentials: CredentialSource;

  constructor(caller: Caller, credentials: CredentialSource) {
    this.#caller = caller;
    this.#credentials = credentials;
  }

  /** The plugins that the engine has. */
  list({ filters, signal }: PluginListOptions = {}): Promise<readonly PluginInspect[]> {
    return this.#caller.call("PluginList", { query: { filters: filters && toFilters(filters) }, signal });
  }

  /** The handle of a plugin, by name or id; asks nothing of the engine. */
  get(plugin: Ref): Plugin {
    return new Plugin(this.#caller, this.#credentials, toId(plugin, "plugin"));
  }

  /** Whether the engine has it. */
  exists(plugin: Ref, options?: CallOptions): Promise<boolean> {
    return exists(this.get(plugin), options);
  }

  /**
   * Makes a plugin, disabled, of files.
   * @param name the tag is `latest` by default
   * @param tar has `config.json` and the folder `rootfs`
   * @see https://docs.docker.com/engine/extend/config/
   */
  async create(name: string, tar: RequestBytes, { signal }: CallOptions = {}): Promise<Plugin> {
    await this.#caller.call("PluginCreate", { query: { name }, body: tar, signal });
    return this.get(name);
  }

  /**
   * What a plugin in a registry wants to be allowed, for `install`.
   * @throws NotFoundError or ServerError when the registry does not have it, ServerError when it cannot be reached
   */
  privileges(reference: string, options?: PluginAuthOptions): Promise<readonly PluginPrivilege[]> {
    return privileges(this.#caller, this.#credentials, reference, options);
  }

  /**
   * Fetches a plugin from its registry, and enables it.
   *
   * ```ts
   * const grant = await docker.plugins.privileges("vieux/sshfs");
   * const plugin = await docker.plugins.install("vieux/sshfs", { grant });
   * ```
   *
   * @throws InvalidRequestError when the name is taken
   * @throws NotFoundError or ServerError when the registry does not have it, ServerError when it cannot be reached
   * @throws AccessDeniedError when the registry wants other credentials
   * @throws TransferError when other privileges than the granted are wanted, or the transfer fails
   */
  install(reference: string, options?: PluginInstallOptions): Operation<PluginEvent, Plugin> {
    return install(this.#caller, this.#credentials, reference, options);
  }
}
