import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { inject } from "vitest";
import { spawnInNetwork } from "./engine/isolation.ts";
import { startEngine, type EngineFacts, type PrivateEngine, type StartOptions } from "./engine/start.ts";
import { containerdArgs, containerdVariant, defaultRelease, isRelease } from "./engine/versions.ts";

export { label } from "./engine/state.ts";

/** The engine this project of tests runs on. Other files use it at the same time: prune and swarm on a private one. */
export interface EngineUnderTest extends EngineFacts {
  /** Undefined when the engine listens on TCP. */
  readonly socketPath: string | undefined;
  readonly registry: string;
  /** Runs a command in the engine's network, where published ports and the registry are. */
  inNamespace(command: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Whether it was started with images in containerd's store. */
  readonly hasContainerdStore: boolean;
  /** Another engine of the same version and store, for tests that kill, restart or configure it. */
  startPrivate(options?: Omit<StartOptions, "version">): Promise<PrivateEngine>;
}

function underTest(): EngineUnderTest {
  const facts = inject("engine");
  if ("failure" in facts) throw new Error(facts.failure);
  const { host, networkPid, version } = facts;
  const hasContainerdStore = inject("engineChoice") === containerdVariant;
  return {
    ...facts,
    socketPath: host.startsWith("unix://") ? host.slice("unix://".length) : undefined,
    get registry() {
      if (facts.registry !== undefined) return facts.registry;
      throw new Error(
        `no registry could be started beside ${host}; ENGINES=${defaultRelease} starts an engine with one`,
      );
    },
    inNamespace: (command, args, options = {}) =>
      networkPid === undefined
        ? spawn(command, args, options)
        : spawnInNetwork(networkPid, command, args, options),
    hasContainerdStore,
    // An engine that was found may be of a release we cannot start.
    startPrivate: (options) =>
      startEngine({
        ...(hasContainerdStore && { daemonArgs: containerdArgs }),
        ...options,
        version: isRelease(version) ? version : defaultRelease,
      }),
  };
}

export const engine: EngineUnderTest = underTest();
