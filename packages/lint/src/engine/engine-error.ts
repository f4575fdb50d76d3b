/** What can go wrong with an engine, told in a sentence and without a stack. */

/** No engine answers, or it went away; the message says where it was looked for. */
export class EngineUnavailableError extends Error {
  override readonly name = "EngineUnavailableError";
}

/** The engine answers, and refuses what is asked of it. */
export class EngineRefusalError extends Error {
  override readonly name = "EngineRefusalError";
}

/** The files of a build context cannot be copied; the message says which and why. */
export class ContextCopyError extends Error {
  override readonly name = "ContextCopyError";
}

/** A signal ended the work; what it had made is removed. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  /** What shells make of the signal. */
  readonly exitCode: (typeof ENDING_SIGNALS)[EndingSignal];

  constructor(signal: EndingSignal) {
    super(`ended by ${signal}`);
    this.exitCode = ENDING_SIGNALS[signal];
  }
}

/** The signals that end a program, and what a shell makes of each. */
export const ENDING_SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** One of them. */
export type EndingSignal = keyof typeof ENDING_SIGNALS;
