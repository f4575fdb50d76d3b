/** What comes before the word that says so, in the name of a variable about the build itself. */
const ABOUT_BUILD = "(?:git|vcs|scm|source|src|build|ci|app|image|github|gitlab|head|release|docker|project)";
const VOLATILE = new RegExp(
  `^(?:${ABOUT_BUILD}+(?:commit(?:sha|hash|id|ref)?|sha|hash|rev(?:ision)?|ref|describe|date|time(?:stamp)?|number|num|no|id|runid|counter)` +
    `|commit(?:sha|hash|id|ref)?|revision|timestamp|builddatetime|date|now|created|pipelineid|runid|jobid)$`,
);

/**
 * Whether a variable, by its name, holds what differs from build to build: a commit, a date, a number that counts.
 * Versions are not meant: they change with releases. Nor is what exists to break the cache.
 */
export function isVolatileName(name: string): boolean {
  return name.length <= 40 && VOLATILE.test(name.toLowerCase().replace(/_/g, ""));
}
