/** What is different between one build and the next. */
export interface Change {
  /** Files of the context with other content, relative to it; those that are new, too. */
  readonly touched: readonly string[];
  /** Build arguments with another value. */
  readonly args: readonly string[];
  /** Their new values, where those are given; others get one that differs from every other. */
  readonly values?: Readonly<Record<string, string>>;
  /** Whether the images that the file names have other layers. */
  readonly base: boolean;
}
