import { DockerError } from "./errors.ts";
import { EventIterator } from "./event-iterator.ts";
import { onAbort } from "./on-abort.ts";
import type { Work } from "./work.ts";

/**
 * Work that takes time and tells of its progress: build, pull, push, load, import, run, exec.
 *
 * ```ts
 * const busybox = await docker.images.pull("busybox");         // the result
 *
 * const pull = docker.images.pull("alpine");
 * for await (const event of pull) console.log(event);          // the events …
 * const alpine = await pull;                                   // … and then the result
 * ```
 *
 * Nothing is sent before the operation is awaited or iterated. Both ways throw the same error. Leaving the loop
 * early aborts the work on the engine. An operation nobody awaits never becomes an unhandled rejection.
 */
export class Operation<Event, Result> implements AsyncIterable<Event>, PromiseLike<Result> {
  readonly #work: (signal: AbortSignal) => Work<Event, Result>;
  readonly #controller = new AbortController();
  readonly #signal: AbortSignal | undefined;
  readonly #outcome: Promise<Result>;
  #settle!: { resolve: (result: unknown) => void; reject: (error: unknown) => void }; // set by the executor below
  #consumer: "none" | "drain" | "iterator" = "none";
  /** Where the operation was made: the work runs outside the caller's stack, and its errors would not say whose it is. */
  readonly #made: { readonly stack?: string } = {};

  /**
   * @param work yields the events and returns the result. It gets a signal that is aborted by the caller's
   *   signal, by {@link abort} and by leaving the loop, and must clean up in `finally`.
   * @param signal the caller's; its `reason` is thrown unchanged.
   */
  constructor(work: (signal: AbortSignal) => Work<Event, Result>, signal?: AbortSignal) {
    this.#work = work;
    this.#signal = signal;
    Error.captureStackTrace(this.#made, Operation);
    this.#outcome = new Promise((resolve, reject) => {
      // Only a `Result` goes in. With that as its type, no operation would be one of a supertype of its result.
      this.#settle = { resolve: resolve as (result: unknown) => void, reject };
    });
    // Whoever awaits gets the rejection; whoever only iterates has been thrown the same error already.
    this.#outcome.catch(() => undefined);
  }

  /** Stops the work. Awaiting or iterating then throws `reason` (by default an `AbortError`). */
  abort(reason?: unknown): void {
    this.#controller.abort(reason);
  }

  /** Starts the work, if it has not begun, and gives its result. */
  // oxlint-disable-next-line unicorn/no-thenable -- being awaitable is what this class is for
  then<A = Result, B = never>(
    onFulfilled?: ((result: Result) => A | PromiseLike<A>) | null,
    onRejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    // One turn later, so that a loop begun in the same turn still gets the events.
    queueMicrotask(() => void this.#drain());
    return this.#outcome.then(onFulfilled, onRejected);
  }

  /** As of a promise. */
  catch<B = never>(onRejected?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<Result | B> {
    return this.then(undefined, onRejected);
  }

  /** As of a promise. */
  finally(onFinally?: (() => void) | null): Promise<Result> {
    return this.then(undefined).finally(onFinally);
  }

  [Symbol.asyncIterator](): AsyncIterator<Event, Result, void> {
    if (this.#consumer !== "none") {
      throw new TypeError("The events of an operation can be read once, and not after it was awaited.");
    }
    this.#consumer = "iterator";
    return new EventIterator(this.#run(), this.#controller, (reason) => this.#settle.reject(reason));
  }

  async #drain(): Promise<void> {
    if (this.#consumer !== "none") return;
    this.#consumer = "drain";
    const events = this.#run();
    try {
      while ((await events.next()).done !== true);
    } catch {
      // #run has put the error into the outcome.
    }
  }

  async *#run(): Work<Event, Result> {
    const { signal } = this.#controller;
    const unfollow = this.#follow();
    try {
      signal.throwIfAborted();
      const result = yield* this.#work(signal);
      signal.throwIfAborted();
      this.#settle.resolve(result);
      return result;
    } catch (error) {
      // What broke because of the abort is told as the abort.
      const reason: unknown = signal.aborted ? signal.reason : error;
      if (!signal.aborted && error instanceof DockerError) this.#tellWhose(error);
      this.#settle.reject(reason);
      throw reason;
    } finally {
      unfollow();
    }
  }

  #tellWhose(error: DockerError): void {
    const { stack } = this.#made;
    if (typeof stack !== "string") return; // a program's own Error.prepareStackTrace may make anything of it
    const frames = stack.split("\n").slice(1); // the first line is no frame
    if (frames.length > 0) error.stack = [error.stack ?? "", ...frames].join("\n");
  }

  /** Listens to the caller from the first use on: an operation nobody reads holds nothing. */
  #follow(): () => void {
    const signal = this.#signal;
    const abort = (): void => this.#controller.abort(signal?.reason);
    if (signal?.aborted === true) abort();
    return onAbort(signal, abort);
  }
}
