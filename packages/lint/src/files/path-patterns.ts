/** Patterns that choose files, as a configuration and the command line hold them. */

/** Patterns, relative to a folder: that of the file that holds them. */
export interface PathPatterns {
  /** Absolute. */
  readonly folder: string;
  readonly patterns: readonly string[];
  /** Whether any of them matches a path; it may be relative to the working folder. */
  readonly matches: (path: string) => boolean;
}

const SPECIAL = /[*?[\]{}]/;

/** Whether a text is more than a plain path. */
export function isGlob(text: string): boolean {
  return SPECIAL.test(text);
}

/** The folder that everything a glob matches lies below; "" for the current one. */
export function globBase(glob: string): string {
  const parts = glob.split("/");
  const first = parts.findIndex(isGlob);
  const base = parts.slice(0, first === -1 ? parts.length - 1 : first).join("/");
  return base === "" && glob.startsWith("/") ? "/" : base;
}
