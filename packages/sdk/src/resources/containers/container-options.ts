/** Options of the methods of a container that are a single call. */
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf } from "../../values/options.ts";
import { copyInKinds, type CopyInOptions } from "./copy.ts";

/** How much is told of a container. */
export interface ContainerInspectOptions extends CallOptions {
  /** Adds `SizeRw` and `SizeRootFs`, which takes the engine a while. Default `false`. */
  readonly size?: boolean | undefined;
}

export const inspectOptions: Check = optionsOf<ContainerInspectOptions>("{ size: true }", {
  size: "boolean",
});

/** How a container that is there already is started. */
export interface ContainerStartOptions extends CallOptions {
  /** Keys that detach a terminal, e.g. `ctrl-p,ctrl-q`. Default: the engine's. */
  readonly detachKeys?: string | undefined;
}

export const startOptions: Check = optionsOf<ContainerStartOptions>('{ detachKeys: "ctrl-p,ctrl-q" }', {
  detachKeys: "text",
});

/** How a container is stopped. */
export interface StopOptions extends CallOptions {
  /** Seconds to wait before the process is killed. Default: the container's own, else 10. */
  readonly timeout?: number | undefined;
  /** Signal to stop it with. Needs API 1.42. Default: the container's own, else SIGTERM. */
  readonly stopSignal?: string | undefined;
}

export const stopOptions: Check = optionsOf<StopOptions>("{ timeout: 30 }", {
  timeout: "integer",
  stopSignal: "text",
});

/** What goes with a container that is removed. */
export interface ContainerRemoveOptions extends CallOptions {
  /** Kills it first where it runs. Default `false`. */
  readonly force?: boolean | undefined;
  /** Removes its anonymous volumes too. Default `false`. */
  readonly volumes?: boolean | undefined;
}

export const removeOptions: Check = optionsOf<ContainerRemoveOptions>("{ force: true }", {
  force: "boolean",
  volumes: "boolean",
});

/** What is asked of `ps`. */
export interface TopOptions extends CallOptions {
  /** Arguments of the engine's `ps`. Default `-ef`. */
  readonly psArgs?: string | undefined;
}

export const topOptions: Check = optionsOf<TopOptions>('{ psArgs: "aux" }', { psArgs: "text" });

/** How a tar is unpacked in a container. */
export interface PutArchiveOptions extends CopyInOptions {
  /** Refuses to put a folder where a file is, and the other way round. Default `false`. */
  readonly noOverwriteDirNonDir?: boolean | undefined;
}

export const putArchiveOptions: Check = optionsOf<PutArchiveOptions>("{ asContainerUser: true }", {
  ...copyInKinds,
  noOverwriteDirNonDir: "boolean",
});
