import type { CredentialSource } from "../../auth/credential-source.ts";
import type { Plugin as PluginInspect } from "../../generated/models.ts";
import type { Operation } from "../../operation.ts";
import type { TransferEvent } from "../../progress/event.ts";
import type { Caller } from "../../transport/call.ts";
import { texts } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { callOptions, optionsOf } from "../../values/options.ts";
import { checkArguments } from "../check-arguments.ts";
import type { PushResult } from "../images/push.ts";
import type { PluginEvent } from "./fetch.ts";
import { pluginAuthOptions, type PluginAuthOptions } from "./privileges.ts";
import { push } from "./push.ts";
import { pluginUpgradeOptions, upgrade, type PluginUpgradeOptions } from "./upgrade.ts";

/** How a plugin is started. */
export interface PluginEnableOptions extends CallOptions {
  /** Seconds that it may take to answer. Default 30. */
  readonly timeout?: number | undefined;
}

/** How a plugin is stopped. */
export interface PluginDisableOptions extends CallOptions {
  /** Also when it is used. Default `false`. */
  readonly force?: boolean | undefined;
}

/** How a plugin is removed. */
export interface PluginRemoveOptions extends CallOptions {
  /** Also when it is enabled or used. Default `false`. */
  readonly force?: boolean | undefined;
}

const enableOptions = optionsOf<PluginEnableOptions>("{ timeout: 30 }", { timeout: "integer" });
const disableOptions = optionsOf<PluginDisableOptions>("{ force: true }", { force: "boolean" });
const removeOptions = optionsOf<PluginRemoveOptions>("{ force: true }", { force: "boolean" });

/**
 * The handle of one plugin, by name or id.
 * Its methods throw `NotFoundError` when there is no such plugin.
 */
export class Plugin {
  static {
    checkArguments(Plugin, "plugin", {
      promises: {
        inspect: [callOptions],
        enable: [enableOptions],
        disable: [disableOptions],
        set: [texts("settings", '["NAME=value"]'), callOptions],
        remove: [removeOptions],
      },
      direct: { upgrade: [pluginUpgradeOptions], push: [pluginAuthOptions] },
    });
  }

  /** Its name or id, as it was given. */
  readonly id: string;
  readonly #caller: Caller;
  readonly #credentials: CredentialSource;

  constructor(caller: Caller, credentials: CredentialSource, id: string) {
    this.#caller = caller;
    this.#credentials = credentials;
    this.id = id;
  }

  /** Everything the engine knows of it. @throws NotFoundError */
  inspect({ signal }: CallOptions = {}): Promise<PluginInspect> {
    return this.#caller.call("PluginInspect", { path: { name: this.id }, signal });
  }

  /** Starts it. @throws ServerError or ConflictError when it does not answer, or is enabled already */
  enable({ timeout = 30, signal }: PluginEnableOptions = {}): Promise<void> {
    return this.#caller.call("PluginEnable", { path: { name: this.id }, query: { timeout }, signal });
  }

  /** Stops it. @throws ServerError or ConflictError when it is not enabled */
  disable({ force, signal }: PluginDisableOptions = {}): Promise<void> {
    return this.#caller.call("PluginDisable", { path: { name: this.id }, query: { force }, signal });
  }

  /** Changes what it lets be changed, as `NAME=value`; it must be disabled. */
  set(settings: readonly string[], { signal }: CallOptions = {}): Promise<void> {
    return this.#caller.call("PluginSet", { path: { name: this.id }, body: settings, signal });
  }

  /**
   * Replaces its program, and keeps its name and settings; it must be disabled.
   * @throws TransferError when other privileges than the granted are wanted, or the transfer fails
   */
  upgrade(options?: PluginUpgradeOptions): Operation<PluginEvent, void> {
    return upgrade(this.#caller, this.#credentials, this.id, options);
  }

  /**
   * Sends it to the registry that its name says; the handle must be by name.
   * @throws AccessDeniedError when the registry wants other credentials
   * @throws TransferError when the registry or the way to it fails
   */
  push(options?: PluginAuthOptions): Operation<TransferEvent, PushResult> {
    return push(this.#caller, this.#credentials, this.id, options);
  }

  /** Removes it. @throws ConflictError when it is enabled */
  remove({ force, signal }: PluginRemoveOptions = {}): Promise<void> {
    return this.#caller.call("PluginDelete", { path: { name: this.id }, query: { force }, signal });
  }
}
