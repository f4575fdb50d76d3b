import { ProtocolError, UnsupportedError } from "../errors.ts";
import { onAbort } from "../on-abort.ts";
import { readAll } from "../streams/byte-source.ts";
import { readText } from "../streams/json-body.ts";
import type { EngineResponse } from "./engine-response.ts";
import type { Transport } from "./transport.ts";

/** The oldest Engine API this library speaks: Docker Engine 20.10. */
const oldestApiVersion = "1.41";
/** The newest Engine API this library knows; newer engines are spoken to in this one. */
export const newestApiVersion = "1.56";

// Of what answers instead of an engine. What is longer is a page.
const longestText = 64 * 1024;

/** Compares two versions such as `1.9` and `1.41` by number. Negative when `a` is older. */
export function compareApiVersions(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split(".").map(Number);
  const [bMajor = 0, bMinor = 0] = b.split(".").map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}

/** What Podman says of itself in its answers; Docker's engine has no such header. */
export function podmanVersion(headers: EngineResponse["headers"]): string | undefined {
  const version = headers["libpod-api-version"];
  return typeof version === "string" ? version : undefined;
}

/** Checks a version given by the user. @throws TypeError when it is not of the form `1.41`. */
export function parseApiVersion(text: string): string {
  const version = text.replace(/^v/, "");
  if (!/^\d+\.\d+$/.test(version)) {
    throw new TypeError(`Argument "apiVersion" must look like "1.41": ${JSON.stringify(text)}`);
  }
  return version;
}

/**
 * The API version to speak, asked of the engine once: the newest that both sides know. A pinned one is not asked
 * for. A failed question is asked again by the next call.
 */
export class ApiVersion {
  readonly #transport: Transport;
  #known: string | undefined;
  #question: Question | undefined;
  #podman: string | undefined;

  constructor(transport: Transport, pinned: string | undefined) {
    this.#transport = transport;
    this.#known = pinned;
  }

  /** The version, once it has been asked for. */
  get known(): string | undefined {
    return this.#known;
  }

  /** The version of Podman, once that has answered the question. */
  get podman(): string | undefined {
    return this.#podman;
  }

  /**
   * @param signal ends the wait; the question ends with the last who waits for its answer.
   * @throws UnsupportedError when the engine is older than API 1.41.
   */
  async get(signal?: AbortSignal): Promise<string> {
    if (this.#known !== undefined) return this.#known;
    signal?.throwIfAborted();
    const question = (this.#question ??= this.#ask());
    question.waiting++;
    try {
      this.#known = await unlessAborted(question.answer, signal);
      return this.#known;
    } finally {
      question.waiting--;
      if (question.waiting === 0) {
        if (this.#question === question) this.#question = undefined;
        question.controller.abort();
      }
    }
  }

  #ask(): Question {
    const controller = new AbortController();
    const answer = this.#negotiate(controller.signal);
    answer.catch(() => undefined); // told to those who wait
    return { answer, controller, waiting: 0 };
  }

  async #negotiate(signal: AbortSignal): Promise<string> {
    // GET and not HEAD: undici closes its connection after every HEAD.
    const { status, headers, body } = await this.#transport.send({
      operation: "SystemPing",
      method: "GET",
      path: "/_ping",
      signal,
      duration: "short",
    });
    const engine = headers["api-version"];
    if (typeof engine !== "string" || !/^\d+\.\d+$/.test(engine)) {
      const text = new TextDecoder().decode(await readAll(body, longestText).catch(() => undefined));
      // What a Go server says on a port for TLS.
      const tls = text.includes("HTTP request to an HTTPS server")
        ? " It speaks TLS: give `tls`, or set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH."
        : "";
      throw new ProtocolError(
        `What answers at ${this.#transport.host} does not tell an API version (status ${status}): ` +
          `is it a Docker Engine?${tls}`,
        { operation: "SystemPing" },
      );
    }
    this.#podman = podmanVersion(headers);
    // Read to the end, so that the connection serves the next call.
    await readText(body, "SystemPing", longestText);
    if (compareApiVersions(engine, oldestApiVersion) < 0) {
      throw new UnsupportedError(
        `The engine at ${this.#transport.host} speaks API ${engine}; this library needs ${oldestApiVersion} or newer ` +
          "(Docker Engine 20.10).",
        { needs: `API ${oldestApiVersion}`, has: `API ${engine}`, operation: "SystemPing" },
      );
    }
    return compareApiVersions(engine, newestApiVersion) < 0 ? engine : newestApiVersion;
  }
}

/** One question to the engine, shared by the calls that need its answer. */
interface Question {
  readonly answer: Promise<string>;
  readonly controller: AbortController;
  waiting: number;
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  let ignoreAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    ignoreAbort = onAbort(signal, () => reject(signal?.reason));
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    ignoreAbort();
  }
}
