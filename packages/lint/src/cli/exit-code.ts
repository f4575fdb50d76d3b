/** The exit codes; they never depend on the format. */
export const EXIT = {
  /** Nothing at or above `--fail-on`. */
  clean: 0,
  /** Findings. A file that does not parse is one. */
  findings: 1,
  /** The command line, the configuration or a file cannot be used, or dflint itself failed. */
  usage: 2,
  /** No file matched, and `--allow-empty` is not given. */
  noFiles: 3,
  /** An engine is needed, and none answers. */
  noEngine: 4,
  /** A fix did not verify, or an engine did not do what was foretold. */
  unverified: 5,
  /** The terminal was closed (SIGHUP). */
  hungUp: 129,
  /** Interrupted (SIGINT). */
  interrupted: 130,
  /** Ended by SIGTERM. */
  terminated: 143,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
