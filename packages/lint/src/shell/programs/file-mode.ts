/** Modes of files as chmod reads them. */

/** What is longer is no mode. */
const LONGEST = 100;

/** Whether a mode lets everybody write, and nothing keeps people from deleting each other's files. */
export function isWorldWritable(mode: string): boolean {
  if (/^[0-7]{1,5}$/.test(mode)) {
    const bits = Number.parseInt(mode, 8);
    return (bits & 0o002) !== 0 && (bits & 0o1000) === 0;
  }
  if (mode.length > LONGEST) return false;
  const clauses = mode.split(",");
  if (!clauses.every((clause) => /^[ugoa]*(?:[-+=][rwxXstugo]*)+$/.test(clause))) return false;
  // `+w` without a letter before it heeds the umask, which keeps others from writing.
  const grants = clauses.some((clause) => /^[ug]*[oa][ugoa]*(?:[-+=][rwxXst]*)*[+=][rxXst]*w/.test(clause));
  return grants && !clauses.some((clause) => /[+=][rwxXs]*t/.test(clause));
}
