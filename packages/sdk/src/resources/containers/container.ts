import type {
  ContainerInspectResponse,
  ContainerStatsResponse,
  ContainerTopResponse,
  ContainerUpdateRequest,
  ContainerUpdateResponse,
  ContainerWaitResponse,
  FilesystemChange,
} from "../../generated/models.ts";
import { readContainerFiles, type ContainerFile } from "../../layers/container-files.ts";
import type { Operation } from "../../operation.ts";
import type { ByteStream } from "../../streams/byte-stream.ts";
import type { JsonLines } from "../../streams/json-lines.ts";
import type { OutputChunk } from "../../streams/multiplex.ts";
import type { OutputStream } from "../../streams/output-stream.ts";
import type { Caller, ChangeResult, RequestBytes } from "../../transport/call.ts";
import { bytesOrText, optional, record, text, texts } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { callOptions } from "../../values/options.ts";
import { readPorts, type PublishedPort } from "../../values/ports.ts";
import { checkArguments } from "../check-arguments.ts";
import { Checkpoints } from "../checkpoints/checkpoints.ts";
import type { Image } from "../images/image.ts";
import type { Images } from "../images/images.ts";
import { attach, attachOptions, type AttachOptions } from "./attach.ts";
import { commit, commitOptions, type CommitOptions } from "./commit.ts";
import {
  inspectOptions,
  putArchiveOptions,
  removeOptions,
  startOptions,
  stopOptions,
  topOptions,
  type ContainerInspectOptions,
  type ContainerRemoveOptions,
  type ContainerStartOptions,
  type PutArchiveOptions,
  type StopOptions,
  type TopOptions,
} from "./container-options.ts";
import { copyIn, copyInOptions, copyOut, type CopyInOptions } from "./copy.ts";
import { exec, execOptions, type ExecOptions, type ExecResult } from "./exec.ts";
import { logs, logsOptions, type LogsOptions } from "./logs.ts";
import type { AttachedProcess } from "./process.ts";
import { readFile, readFileOptions, type ReadFileOptions } from "./read-file.ts";
import { spawn, spawnOptions, type SpawnOptions } from "./spawn.ts";
import { stat, type ContainerPathStat } from "./stat.ts";
import { stats, statsOnce, statsOnceOptions, type StatsOnceOptions } from "./stats.ts";
import { resizeContainer, terminalSize, type TerminalSize } from "./terminal.ts";
import { untilHealthy } from "./until-healthy.ts";
import { wait, waitOptions, type WaitOptions } from "./wait.ts";

const command = texts("command", '["ls", "-l"]');
const inContainer = text("path", '"/etc/hosts"');
const tar = bytesOrText("tar", 'createReadStream("app.tar")');

/**
 * The handle of one container, by id or name. Making one asks nothing of the engine.
 * Its methods throw `NotFoundError` when there is no such container.
 */
export class Container {
  static {
    checkArguments(Container, "container", {
      promises: {
        inspect: [inspectOptions],
        ports: [callOptions],
        start: [startOptions],
        stop: [stopOptions],
        restart: [stopOptions],
        kill: [optional(text("signalName", '"SIGHUP"')), callOptions],
        pause: [callOptions],
        unpause: [callOptions],
        rename: [text("name", '"web"'), callOptions],
        update: [record("limits", "{ Memory: 512 * 1024 * 1024 }"), callOptions],
        remove: [removeOptions],
        wait: [waitOptions],
        untilHealthy: [callOptions],
        attach: [attachOptions],
        statsOnce: [statsOnceOptions],
        top: [topOptions],
        changes: [callOptions],
        resize: [terminalSize],
        spawn: [command, spawnOptions],
        copyIn: [text("source", '"./folder"'), text("folder", '"/srv"'), copyInOptions],
        copyOut: [text("source", '"/srv/file"'), text("folder", '"./folder"'), callOptions],
        readFile: [inContainer, readFileOptions],
        stat: [inContainer, callOptions],
        archive: [inContainer, callOptions],
        putArchive: [text("folder", '"/srv"'), tar, putArchiveOptions],
        export: [callOptions],
        commit: [commitOptions],
      },
      direct: {
        logs: [logsOptions],
        stats: [callOptions],
        exec: [command, execOptions],
        files: [callOptions],
      },
    });
  }

  /** Its id or name, as it was given. */
  readonly id: string;
  readonly #caller: Caller;
  readonly #images: Images;

  constructor(caller: Caller, images: Images, id: string) {
    this.#caller = caller;
    this.#images = images;
    this.id = id;
  }

  /** Everything the engine knows of it. @throws NotFoundError */
  inspect({ size, signal }: ContainerInspectOptions = {}): Promise<ContainerInspectResponse> {
    return this.#caller.call("ContainerInspect", { path: this.#path, query: { size }, signal });
  }

  /**
   * Where its published ports are reached on the engine's machine; none while it does not run. With IPv6 a port is
   * told twice, for `0.0.0.0` and for `::`.
   * @throws NotFoundError
   */
  async ports({ signal }: CallOptions = {}): Promise<readonly PublishedPort[]> {
    return readPorts((await this.inspect({ signal })).NetworkSettings.Ports);
  }

  /**
   * Starts it. `changed` is false when it was running already.
   * @throws InvalidRequestError when its program cannot be started
   * @throws ServerError when the engine cannot set it up, e.g. because a port is taken
   */
  start({ detachKeys, signal }: ContainerStartOptions = {}): Promise<ChangeResult> {
    return this.#caller.changed("ContainerStart", { path: this.#path, query: { detachKeys }, signal });
  }

  /** Stops it. `changed` is false when it was stopped already. */
  stop({ timeout, stopSignal, signal }: StopOptions = {}): Promise<ChangeResult> {
    const query = { t: timeout, signal: stopSignal };
    return this.#caller.changed("ContainerStop", { path: this.#path, query, signal });
  }

  /** Stops it and starts it again. */
  restart({ timeout, stopSignal, signal }: StopOptions = {}): Promise<void> {
    const query = { t: timeout, signal: stopSignal };
    return this.#caller.call("ContainerRestart", { path: this.#path, query, signal });
  }

  /**
   * Sends a signal to its main process.
   * @param signalName e.g. `SIGHUP`; default `SIGKILL`
   * @throws ConflictError when it does not run
   */
  kill(signalName?: string, { signal }: CallOptions = {}): Promise<void> {
    return this.#caller.call("ContainerKill", { path: this.#path, query: { signal: signalName }, signal });
  }

  /** Freezes its processes. @throws ConflictError when it does not run */
  pause({ signal }: CallOptions = {}): Promise<void> {
    return this.#caller.call("ContainerPause", { path: this.#path, signal });
  }

  /** Lets its frozen processes go on. @throws ServerError when it is not paused */
  unpause({ signal }: CallOptions = {}): Promise<void> {
    return this.#caller.call("ContainerUnpause", { path: this.#path, signal });
  }

  /** Gives it another name. @throws ConflictError when the name is taken */
  rename(name: string, { signal }: CallOptions = {}): Promise<void> {
    return this.#caller.call("ContainerRename", { path: this.#path, query: { name }, signal });
  }

  /** Changes its limits and restart policy while it lives. */
  update(limits: ContainerUpdateRequest, { signal }: CallOptions = {}): Promise<ContainerUpdateResponse> {
    return this.#caller.call("ContainerUpdate", { path: this.#path, body: limits, signal });
  }

  /** Removes it. @throws ConflictError when it runs and `force` is not set */
  remove({ force, volumes, signal }: ContainerRemoveOptions = {}): Promise<void> {
    return this.#caller.call("ContainerDelete", { path: this.#path, query: { force, v: volumes }, signal });
  }

  /**
   * Waits for its end. With the default condition a container that does not run, also one not started yet, answers
   * at once.
   * @throws EngineGoneError when the engine ends first
   */
  wait(options?: WaitOptions): Promise<ContainerWaitResponse> {
    return wait(this.#caller, this.id, options);
  }

  /**
   * Waits until its health check succeeds, be it the image's or `Healthcheck` of the request that made it.
   *
   * ```ts
   * await container.untilHealthy({ signal: AbortSignal.timeout(60_000) });
   * ```
   *
   * While it is paused or restarts by its policy, it is waited for.
   *
   * @throws OperationError when it ends or is found unhealthy, with what the check said, or has no health check
   */
  untilHealthy(options?: CallOptions): Promise<void> {
    return untilHealthy(this.#caller, this.id, options);
  }

  /**
   * Connects to the streams of its main process. Attach before `start` to miss nothing; read the output or close the
   * process, since output that nobody reads holds up the container, and the engine with what it is to do with it.
   */
  attach(options?: AttachOptions): Promise<AttachedProcess> {
    return attach(this.#caller, this.id, options);
  }

  /** What it has written. The engine is asked at the first read. */
  logs(options?: LogsOptions): OutputStream {
    return logs(this.#caller, this.id, options);
  }

  /** Its use of CPU, memory, network and disk, about once a second. The engine is asked at the first read. */
  stats(options?: CallOptions): JsonLines<ContainerStatsResponse> {
    return stats(this.#caller, this.id, options);
  }

  /** One sample of {@link stats}. The engine takes a second for it, to have a CPU rate, unless `quick`. */
  statsOnce(options?: StatsOnceOptions): Promise<ContainerStatsResponse> {
    return statsOnce(this.#caller, this.id, options);
  }

  /** Its processes. @throws ConflictError when it does not run */
  top({ psArgs, signal }: TopOptions = {}): Promise<ContainerTopResponse> {
    return this.#caller.call("ContainerTop", { path: this.#path, query: { ps_args: psArgs }, signal });
  }

  /** What differs from its image: `Kind` 0 changed, 1 added, 2 deleted. */
  async changes({ signal }: CallOptions = {}): Promise<readonly FilesystemChange[]> {
    return (await this.#caller.call("ContainerChanges", { path: this.#path, signal })) ?? [];
  }

  /** Changes the size of its terminal. */
  resize(size: TerminalSize): Promise<void> {
    return resizeContainer(this.#caller, this.id, size);
  }

  /**
   * Runs a further process in it, to its end. Aborting it or leaving its loop closes the connection; the process may
   * run on, for the engine has no call that ends it.
   * @throws ConflictError when it does not run
   * @throws ContainerExitError for a code other than 0, unless `check` is `false`; 126 and 127 mean that the
   *   program could not be started
   */
  exec(command: readonly string[], options?: ExecOptions): Operation<OutputChunk, ExecResult> {
    return exec(this.#caller, this.id, command, options);
  }

  /**
   * Starts a further process in it and connects to its streams, e.g. an interactive shell.
   * @throws ConflictError when it does not run
   */
  spawn(command: readonly string[], options?: SpawnOptions): Promise<AttachedProcess> {
    return spawn(this.#caller, this.id, command, options);
  }

  /**
   * Copies a file or folder of this machine into a folder of the container, under its own name, with modes, times,
   * links, FIFOs, devices and owners. With `/.` at its end a folder gives what is in it, without itself. Works on
   * stopped containers too.
   * @throws ContextError when something cannot be read, or changes meanwhile
   * @throws NotFoundError when the container or its folder does not exist
   */
  copyIn(source: string, folder: string, options?: CopyInOptions): Promise<void> {
    return copyIn(this.#caller, this.id, source, folder, options);
  }

  /**
   * Copies a file or folder of the container into a folder of this machine, under its own name, or with
   * `/.` at its end what is in it; the folder is made where it is missing. Kept are modes, times, links, FIFOs and
   * holes; the owner is the user who copies. Files and links that are there give way. Nothing is written outside the
   * folder, whatever names and links the container holds.
   * @throws NotFoundError when the container or its file does not exist
   * @throws ContextError for a device, for a name that leads out of the folder, and where a folder is in the way
   */
  copyOut(source: string, folder: string, options?: CallOptions): Promise<void> {
    return copyOut(this.#caller, this.id, source, folder, options);
  }

  /**
   * The bytes of one of its files; links are followed. Works on stopped containers too.
   * @throws NotFoundError
   * @throws RangeError when the file is longer than `maxBytes`, 128 MiB by default; {@link copyOut} takes any
   */
  readFile(path: string, options?: ReadFileOptions): Promise<Uint8Array> {
    return readFile(this.#caller, this.id, path, options);
  }

  /** Name, size, mode and time of one of its files; links are not followed. @throws NotFoundError */
  stat(path: string, options?: CallOptions): Promise<ContainerPathStat> {
    return stat(this.#caller, this.id, path, options);
  }

  /** A tar of one of its files or folders. */
  archive(path: string, { signal }: CallOptions = {}): Promise<ByteStream> {
    return this.#caller.call("ContainerArchive", { path: this.#path, query: { path }, signal });
  }

  /** Unpacks a tar into one of its folders. */
  async putArchive(
    folder: string,
    tar: RequestBytes,
    { noOverwriteDirNonDir, asContainerUser, signal }: PutArchiveOptions = {},
  ): Promise<void> {
    const query = { path: folder, noOverwriteDirNonDir, copyUIDGID: asContainerUser };
    await this.#caller.call("PutContainerArchive", { path: this.#path, query, body: tar, signal });
  }

  /** A tar of its whole filesystem, without volumes. */
  export({ signal }: CallOptions = {}): Promise<ByteStream> {
    return this.#caller.call("ContainerExport", { path: this.#path, signal });
  }

  /**
   * Every path of its filesystem as {@link export} has it, without volumes, with the digest of each file's content. Works
   * on a container that was never started. Nothing is kept in memory; leaving the loop closes the connection.
   *
   * ```ts
   * for await (const { path, type, size, digest } of container.files()) console.log(type, size, digest, path);
   * ```
   *
   * @throws NotFoundError when the container does not exist
   * @throws StreamTruncatedError when the engine ends in the middle
   */
  files({ signal }: CallOptions = {}): AsyncGenerator<ContainerFile, void, undefined> {
    return readContainerFiles(() => this.export({ signal }));
  }

  /** Makes an image of it. @throws InvalidRequestError for an instruction in `changes` that is none */
  commit(options?: CommitOptions): Promise<Image> {
    return commit(this.#caller, this.#images, this.id, options);
  }

  /** Its processes as they were at some moment, kept on disk. Experimental. */
  get checkpoints(): Checkpoints {
    return new Checkpoints(this.#caller, this.id);
  }

  get #path(): { id: string } {
    return { id: this.id };
  }
}
