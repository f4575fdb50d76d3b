/** What the sources of COPY and ADD are, judged by their names. */

/** The endings of archives: those that ADD unpacks, and some that people take for them. */
const ARCHIVE = /\.(?:tar|z|bz2|gz|lz|lzma|tz|tb2|tbz|tbz2|tgz|tlz|tpz|txz|xz|zst|tzst)$/i;
const GIT = /^(?:git:\/\/|ssh:\/\/|git@|[\w.-]+@[\w.-]+:|github\.com\/)|^https?:\/\/[^#?]*\.git(?:[#?]|$)/i;
const HTTP = /^https?:\/\//i;

/** Where a source comes from. */
export type SourceKind = "git" | "http" | "local";

/** What a source of ADD is: a repository to clone, a file to download, or a path of the context. */
export function sourceKind(source: string): SourceKind {
  if (GIT.test(source)) return "git";
  return HTTP.test(source) ? "http" : "local";
}

/** Whether a path has the name of an archive. */
export function isArchiveName(path: string): boolean {
  return ARCHIVE.test(path);
}
