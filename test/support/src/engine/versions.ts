/**
 * The engines the tests can start, the Debian release that ships each as `docker.io`, and what it needs besides:
 * `ps` of procps for `ContainerTop`.
 */
export const releases = {
  "20.10.24": { suite: "bookworm", packages: ["docker.io", "iptables", "ca-certificates", "procps"] },
  "26.1.5": {
    suite: "trixie",
    packages: ["docker.io", "docker-cli", "docker-buildx", "iptables", "ca-certificates", "procps"],
  },
  "28.5.2": {
    suite: "forky",
    packages: ["docker.io", "docker-cli", "docker-buildx", "iptables", "ca-certificates", "procps"],
  },
} as const;

export type EngineRelease = keyof typeof releases;

export const allReleases: readonly EngineRelease[] = ["20.10.24", "26.1.5", "28.5.2"];

export const defaultRelease: EngineRelease = "20.10.24";

export function isRelease(version: string): version is EngineRelease {
  return Object.hasOwn(releases, version);
}

export function parseRelease(version: string): EngineRelease {
  if (isRelease(version)) return version;
  throw new Error(`no such test engine: ${version}; there are ${allReleases.join(", ")}`);
}
