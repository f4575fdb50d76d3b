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

/** 28.5.2 with images in containerd's store, where BuildKit can do more. Only BuildKit is tested on it. */
export const containerdVariant = "28.5.2+containerd";

/** What to give dockerd for it. It is the default from Docker 29 on, and can be switched on since 28. */
export const containerdArgs: readonly string[] = ["--feature=containerd-snapshotter=true"];

export const defaultRelease: EngineRelease = "20.10.24";

export function isRelease(version: string): version is EngineRelease {
  return Object.hasOwn(releases, version);
}

export function parseRelease(version: string): EngineRelease {
  if (isRelease(version)) return version;
  throw new Error(`no such test engine: ${version}; there are ${allReleases.join(", ")}`);
}
