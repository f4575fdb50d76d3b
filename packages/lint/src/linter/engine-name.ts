/** `Docker 28.5.2`, of the version that an engine tells; what is no Docker Engine has its name in it. */
export function engineName(version: string): string {
  return /^[a-z]/i.test(version) ? version : `Docker ${version}`;
}
