/** Something sent to the engine that it may refuse, in words that do not tell what it was. */
export interface Doubt {
  /** What the engine then says. */
  readonly said: RegExp;
  readonly explain: (cause: Error) => Error;
}
