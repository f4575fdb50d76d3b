import type { ChildProcess, SpawnOptions } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { busyboxImage, ensureBusybox } from "./busybox.ts";
import { sayOnStderr, type Say } from "./debian.ts";
import { engineCall, engineVersion } from "./engine-call.ts";
import { isolate, spawnInNetwork, spawnInside, untilAnswers } from "./isolation.ts";
import { prepareEngine } from "./prepare.ts";
import { namesakesIn, signalProcess, untilGone, type ProcessIdentity } from "./process-table.ts";
import { startRegistry, type RegistryOptions, type TestRegistry } from "./registry.ts";
import {
  cgroupParent,
  newStateFolder,
  removeState,
  saveState,
  thisProcess,
  type EngineState,
} from "./state.ts";
import { defaultRelease, type EngineRelease } from "./versions.ts";

export interface StartOptions {
  /** Default `20.10.24`. */
  readonly version?: EngineRelease;
  /** Containers go on running while the engine is down. Default false. */
  readonly liveRestore?: boolean;
  /** More arguments for dockerd, e.g. made of the folder that it shares with this machine. */
  readonly daemonArgs?: readonly string[] | ((folder: string) => readonly string[]);
  /** The engine stays when this process ends, until `npm run engine -- stop`. Default false. */
  readonly outlivesUs?: boolean;
  /** Hears what is being installed. Default: standard error. */
  readonly say?: Say;
}

/** What is known of an engine, in a form that crosses processes. */
export interface EngineFacts {
  /** As in DOCKER_HOST. */
  readonly host: string;
  readonly version: string;
  readonly apiVersion: string;
  /** An image with a shell that is on the engine. */
  readonly image: string;
  /** Registry without TLS and accounts that the engine reaches under this name; undefined when there is none. */
  readonly registry: string | undefined;
  /** A process in the engine's network; undefined when that is the machine's. */
  readonly networkPid: number | undefined;
}

/** A private engine with its own namespaces, data and socket. `await using` removes it with all it made. */
export interface PrivateEngine extends EngineFacts, AsyncDisposable {
  readonly version: EngineRelease;
  readonly socketPath: string;
  readonly registry: string;
  readonly networkPid: number;
  /** dockerd's standard output and error. */
  readonly logFile: string;
  /** Runs a command in the engine's network, where published ports and the registry are. */
  inNamespace(command: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Another registry beside the one at port 5000. Ends with the engine. */
  startRegistry(options: RegistryOptions): Promise<TestRegistry>;
  /** SIGKILL to dockerd; resolves when it is gone. Images, containers and the socket's path stay. */
  kill(): Promise<void>;
  /** SIGTERM to dockerd; resolves when it is gone. */
  terminate(): Promise<void>;
  /** Brings dockerd back with the same data and socket; resolves when it answers. */
  start(): Promise<void>;
  /** Ends and deletes everything. The same as disposing of it. */
  remove(): Promise<void>;
}

/** Starts a private engine. Throws a plain sentence where that is impossible. */
export async function startEngine(options: StartOptions = {}): Promise<PrivateEngine> {
  const { version = defaultRelease, outlivesUs = false, say = sayOnStderr } = options;
  const root = await prepareEngine(version, say);

  let state: EngineState = { version, owner: outlivesUs ? null : await thisProcess() };
  const folder = await newStateFolder(state);
  const socketPath = join(folder, "docker.sock");
  const host = `unix://${socketPath}`;
  const logFile = join(folder, "dockerd.log");

  async function remove(): Promise<void> {
    await removeState(folder, state);
  }

  async function startDaemon(init: ProcessIdentity): Promise<void> {
    await rm(join(folder, "docker.pid"), { force: true });
    const child = spawnInside(
      init,
      "engine's files",
      ["/usr/sbin/dockerd", ...daemonArguments(folder, options)],
      logFile,
    );
    await untilAnswers(child, logFile, () => answersPing(host));
  }

  try {
    await mkdir(join(folder, "data"));
    await writeFile(join(folder, "daemon.json"), "{}");
    const init = await isolate(root, folder, outlivesUs);
    state = { ...state, init };
    await saveState(folder, state);

    const [registry] = await Promise.all([
      startRegistry(init, folder, { port: 5000 }, say),
      startDaemon(init),
    ]);
    const facts = await engineVersion(host);
    if (facts.version !== version) {
      throw new Error(
        `asked for engine ${version}, but Debian's package now is ${facts.version}: test/support/src/engine/versions.ts needs an update`,
      );
    }
    await ensureBusybox(host, false, say);
    state = { ...state, registry: registry.address };
    await saveState(folder, state);

    const end = async (signal: NodeJS.Signals): Promise<void> => {
      for (const daemon of await namesakesIn(init.pid, "dockerd")) {
        await signalProcess(daemon, signal);
        await untilGone(daemon);
      }
    };
    return {
      host,
      socketPath,
      version,
      apiVersion: facts.apiVersion,
      image: busyboxImage,
      registry: registry.address,
      networkPid: init.pid,
      logFile,
      inNamespace: (command, args, options) => spawnInNetwork(init.pid, command, args, options),
      startRegistry: (options) => startRegistry(init, folder, options, say),
      kill: () => end("SIGKILL"),
      terminate: () => end("SIGTERM"),
      start: () => startDaemon(init),
      remove,
      [Symbol.asyncDispose]: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

function daemonArguments(
  folder: string,
  { liveRestore = false, daemonArgs = [] }: StartOptions,
): readonly string[] {
  return [
    `--host=unix://${join(folder, "docker.sock")}`,
    `--data-root=${join(folder, "data")}`,
    `--exec-root=${join(folder, "exec")}`,
    `--pidfile=${join(folder, "docker.pid")}`,
    // Not the machine's own settings.
    `--config-file=${join(folder, "daemon.json")}`,
    // Not systemd's: the engine cannot reach it from its namespaces.
    "--exec-opt=native.cgroupdriver=cgroupfs",
    `--cgroup-parent=/${cgroupParent(folder)}`,
    ...(liveRestore ? ["--live-restore"] : []),
    ...(typeof daemonArgs === "function" ? daemonArgs(folder) : daemonArgs),
  ];
}

async function answersPing(host: string): Promise<boolean> {
  return engineCall(host, "GET", "/_ping", { timeout: 5000 }).then(
    () => true,
    () => false,
  );
}
