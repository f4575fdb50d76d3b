import { BuildError } from "../../errors.ts";
import type { BuildInfo } from "../../generated/models.ts";
import type { BuildEvent, LogEvent } from "../../progress/event.ts";
import { toTransferEvent, type ReportedFailure } from "../../progress/progress-line.ts";
import { CurrentStep } from "./current-step.ts";

// What the builder wraps around standard error; nothing else tells the two outputs apart.
const redText = /^\u001B\[91m(.*)\u001B\[0m$/s; // oxlint-disable-line no-control-regex -- it is looked for

/**
 * Reads what the classic builder writes. Its own words and the output of the containers it runs come mixed, so
 * that a `RUN` could imitate the builder: between the start and the removal of a step's container, all is output.
 */
export class ClassicOutput {
  readonly #current = new CurrentStep();
  /** Of the container that runs now. */
  #container: string | undefined;
  #lastImage: string | undefined;
  #built: string | undefined;

  /** The image built; undefined as long as the builder has not said that it is done. */
  get imageId(): string | undefined {
    if (this.#built === undefined) return undefined;
    const isLast = this.#lastImage?.startsWith(`sha256:${this.#built}`) === true;
    return isLast ? this.#lastImage : this.#built;
  }

  *read(line: BuildInfo): Generator<BuildEvent, void, void> {
    const { stream, aux } = line;
    if (typeof aux === "object" && typeof aux?.ID === "string") {
      this.#lastImage = aux.ID;
      yield { type: "image", id: aux.ID };
    } else if (stream === undefined) {
      const event = toTransferEvent(line);
      if (event !== undefined) yield event;
    } else if (this.#container !== undefined && !isRemoval(stream, this.#container)) {
      yield this.#output(stream);
    } else {
      this.#container = undefined;
      yield* this.#builderSays(stream);
    }
  }

  /** The step that ran is the one that failed. */
  *fail(): Generator<BuildEvent, void, void> {
    yield* this.#current.end(undefined, "failed");
  }

  /** The error for what the engine reports as the last line. */
  toError({ message, code }: ReportedFailure, operation: string): BuildError {
    return new BuildError(message, {
      operation,
      step: this.#current.step?.name,
      exitCode: code,
      log: this.#current.log,
    });
  }

  *#builderSays(text: string): Generator<BuildEvent, void, void> {
    const step = /^Step (\d+)\/(\d+) : (.*)$/s.exec(text);
    if (step !== null) {
      yield* this.#current.end();
      const [, number = "", total, name = ""] = step;
      yield* this.#current.begin({ id: number, name, number: Number(number), total: Number(total) });
      return;
    }
    const said = text.replace(/^ ---> /, "").trim();
    if (said === "" || isRemoval(text, "[0-9a-f]+")) return;
    const [, image] = /^ ---> ([0-9a-f]{12})\n$/.exec(text) ?? [];
    const [, container] = /^ ---> Running in ([0-9a-f]+)\n$/.exec(text) ?? [];
    const [, built] = /^Successfully built ([0-9a-f]+)\n$/.exec(text) ?? [];
    if (image !== undefined) yield* this.#current.end(image);
    else if (container !== undefined) this.#container = container;
    else if (text === " ---> Using cache\n") this.#current.takeFromCache();
    else {
      if (built !== undefined) {
        yield* this.#current.end();
        this.#built = built;
      }
      const [warning] = /^\[Warning\]\s*/.exec(said) ?? [];
      yield warning === undefined
        ? { type: "status", message: said }
        : { type: "warning", message: said.slice(warning.length) };
    }
  }

  #output(text: string): LogEvent {
    const [, error] = redText.exec(text) ?? [];
    return error === undefined ? this.#current.write("stdout", text) : this.#current.write("stderr", error);
  }
}

/** `Removing …` before Docker 23, ` ---> Removed …` since. */
function isRemoval(text: string, container: string): boolean {
  return new RegExp(`^(?:Removing| ---> Removed) intermediate container ${container}\\n$`).test(text);
}
