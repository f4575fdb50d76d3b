import { StringDecoder } from "node:string_decoder";
import type { LogEvent } from "../progress/event.ts";

// UTF-16 units of a step's output that an error carries.
const longest = 64 * 1024;
const clippedMark = /\[output clipped, [^\]]*\]/;

type Stream = LogEvent["stream"];

/** The output of one step: decoded, its end kept. Pieces may be cut anywhere, also inside a character. */
export class LogTail {
  readonly #decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  #text = "";
  #clipped = false;

  /** What was kept. */
  get text(): string {
    return this.#text;
  }

  /** @returns the text, and what the engine says of the limit that it clips output at, once. */
  push(stream: Stream, bytes: Uint8Array): { readonly text: string; readonly clipped: string | undefined } {
    const text = this.#decoders[stream].write(Buffer.from(bytes));
    this.#keep(text);
    const [clipped] = this.#clipped ? [] : (clippedMark.exec(text) ?? []);
    this.#clipped ||= clipped !== undefined;
    return { text, clipped };
  }

  /** Characters that were begun and not ended. */
  end(): Omit<LogEvent, "step">[] {
    return (["stdout", "stderr"] as const).flatMap((stream) => {
      const text = this.#decoders[stream].end();
      this.#keep(text);
      return text === "" ? [] : [{ type: "log", stream, text } as const];
    });
  }

  #keep(text: string): void {
    this.#text = (this.#text + text).slice(-longest);
  }
}
