/** The engine of one run of `check` or `fix`: connected to when the first file asks for it, and not before. */
import type { EngineConfig, EngineMode } from "../../config/config.ts";
import type { BuildRequest } from "../../engine/build-image.ts";
import type { EngineFactsReader } from "../../engine/facts/engine-facts.ts";
import type { FactsRequest } from "../../engine/facts/facts-request.ts";
import type { EngineRun } from "../../engine/with-engine.ts";
import type { EngineFacts } from "../../linter/facts/engine-facts.ts";
import type { Options } from "../arguments.ts";
import type { Host } from "../host.ts";
import { readSecrets } from "../builds/secrets.ts";

/** A file to ask about. */
export type SessionRequest = Omit<FactsRequest, "mode" | "pull" | "draw" | "warn">;

/** An engine that answers, and what ends the connection. */
interface Opened {
  readonly run: EngineRun;
  readonly reader: EngineFactsReader;
  readonly isLost: (error: unknown) => boolean;
  readonly messageOf: (error: unknown) => string;
}

/** Asks an engine for files whose configuration, or the command line, wants it to. */
export class EngineSession implements AsyncDisposable {
  /** What could not be found out; each once. */
  readonly warnings: Set<string> = new Set();
  readonly #options: Options;
  readonly #host: Host;
  readonly #secrets: BuildRequest["secrets"];
  #opened: Promise<Opened> | undefined;
  #ended: Promise<void> | undefined;
  #release: (() => void) | undefined;
  #signal: AbortSignal | undefined;
  #isLost = false;

  constructor(options: Options, host: Host) {
    this.#options = options;
    this.#host = host;
    this.#secrets = readSecrets(options.list("secret") ?? [], host.environment);
  }

  /** How far the engine may go for files of a configuration. */
  modeFor({ mode }: EngineConfig): EngineMode {
    const asked = this.#options.text("engine") as EngineMode | undefined; // one of the table's values
    return asked ?? mode ?? "off";
  }

  /**
   * What the engine says of a file; undefined where nobody wants to know, and once it has gone away.
   * Throws EngineUnavailableError where there was none to begin with.
   */
  async facts(config: EngineConfig, request: () => SessionRequest): Promise<EngineFacts | undefined> {
    const mode = this.modeFor(config);
    if (mode === "off" || this.#isLost) return undefined;
    const { run, reader, isLost, messageOf } = await (this.#opened ??= this.#open());
    const draw = this.#host.showsProgress && !this.#options.has("quiet");
    const warn = (message: string): void => void this.warnings.add(message);
    const asked = request();
    try {
      const build = { ...asked.build, secrets: this.#secrets };
      return await reader.read({ ...asked, build, mode, pull: config.pull, draw, warn });
    } catch (error) {
      run.signal.throwIfAborted();
      this.#isLost = isLost(error);
      warn(
        this.#isLost
          ? `The engine went away, so from ${asked.path} on files are judged by their text alone: ${messageOf(error)}`
          : `${asked.path}: judged by its text alone: ${messageOf(error)}`,
      );
      return undefined;
    }
  }

  /** Throws where a signal asks the program to end. */
  throwIfInterrupted(): void {
    this.#signal?.throwIfAborted();
  }

  /** The connection lasts as long as the work that it is lent to: until this is disposed of. */
  async #open(): Promise<Opened> {
    const { withEngine } = await import("../../engine/with-engine.ts");
    const { EngineFactsReader } = await import("../../engine/facts/engine-facts.ts");
    const { isLost, messageOf } = await import("../../engine/engine-loss.ts");
    const { environment } = this.#host;
    const released = new Promise<void>((resolve) => (this.#release = resolve));
    return await new Promise<Opened>((resolve, reject) => {
      this.#ended = withEngine({ host: this.#options.text("host"), environment }, async (run) => {
        this.#signal = run.signal;
        const asked = this.#options.text("builder") as BuildRequest["builder"]; // one of the table's values
        resolve({ run, reader: new EngineFactsReader(run, { asked, environment }), isLost, messageOf });
        await released;
      }).catch(reject);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#release?.();
    await this.#ended;
  }
}
