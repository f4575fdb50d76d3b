import { BuildError } from "../../errors.ts";
import type { BuildInfo } from "../../generated/models.ts";
import type { BuildEvent } from "../../progress/event.ts";
import { toTransferEvent, type ReportedFailure } from "../../progress/progress-line.ts";
import { CurrentStep } from "./current-step.ts";

/**
 * Reads what Podman writes at `POST /build`. Nothing parts its own words from the output of a `RUN`, whose two streams it
 * mixes; only the id of the image comes as data, when all is done.
 */
export class PodmanOutput {
  readonly #current = new CurrentStep();
  #steps = 0;
  #built: string | undefined;

  /** The image built; undefined as long as Podman has not said that it is done. */
  get imageId(): string | undefined {
    return this.#built;
  }

  *read(line: BuildInfo): Generator<BuildEvent, void, void> {
    const { stream, aux } = line;
    if (typeof aux === "object" && typeof aux?.ID === "string") {
      yield* this.#current.end();
      this.#built = aux.ID;
      yield { type: "image", id: aux.ID };
    } else if (stream === undefined) {
      const event = toTransferEvent(line);
      if (event !== undefined) yield event;
    } else yield* this.#says(stream);
  }

  /** The step that ran is the one that failed. */
  *fail(): Generator<BuildEvent, void, void> {
    yield* this.#current.end(undefined, "failed");
  }

  /** The error for what Podman reports as the last line, which tells the exit code of a `RUN` in words. */
  toError({ message, code }: ReportedFailure, operation: string): BuildError {
    const [, status] = /: exit status (\d+)\s*$/.exec(message) ?? [];
    const exitCode = code ?? (status === undefined ? undefined : Number(status));
    return new BuildError(message.trim(), {
      operation,
      step: this.#current.step?.name,
      exitCode,
      log: this.#current.log,
    });
  }

  *#says(text: string): Generator<BuildEvent, void, void> {
    // `[1/2] STEP 3/4: …` where there are several stages, which count their own steps.
    const step = /^(?:\[\d+\/\d+\] )?STEP (\d+)\/(\d+): (.*)$/s.exec(text);
    if (step !== null) {
      const [, number = "", total, name = ""] = step;
      yield* this.#current.end();
      const id = String(++this.#steps);
      yield* this.#current.begin({ id, name: name.trim(), number: Number(number), total: Number(total) });
      return;
    }
    if (/^--> Using cache [0-9a-f]+\n$/.test(text)) {
      this.#current.takeFromCache();
      return;
    }
    const [, image] = /^--> ([0-9a-f]{11,64})\n$/.exec(text) ?? [];
    if (image !== undefined) yield* this.#current.end(image);
    else if (this.#current.isRunning && !/^(?:\[\d+\/\d+\] )?COMMIT\b/.test(text)) {
      yield this.#current.write("stdout", text);
    } else if (text.trim() !== "") yield { type: "status", message: text.trim() };
  }
}
