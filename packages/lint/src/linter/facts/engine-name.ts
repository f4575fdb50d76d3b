/** `Docker 28.5.2`, of the version that an engine tells; Podman's has its name in it, and a Docker built by hand is a `dev`. */
export function engineName(version: string): string {
  return version.startsWith("Podman ") ? version : `Docker ${version}`;
}
