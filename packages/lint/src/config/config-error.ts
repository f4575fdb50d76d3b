/** What is wrong with a configuration or a command line: the user's to mend, so never shown with a stack. */

/** A place in a configuration file; both numbers from 1. */
export interface ConfigPosition {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** One mistake in a configuration file. */
export interface ConfigProblem {
  readonly message: string;
  readonly position: ConfigPosition | undefined;
}

/** One or more mistakes; the message has a line for each, `path:line:column: what`. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(describe).join("\n"));
    this.problems = problems;
  }
}

function describe({ message, position }: ConfigProblem): string {
  return position === undefined
    ? message
    : `${position.path}:${position.line}:${position.column}: ${message}`;
}
