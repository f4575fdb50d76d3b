/** The frontend that `# syntax=` pins. */
import { parseImageReference } from "./images/image-reference.ts";

/** Major and minor number of a release of the Dockerfile frontend. */
export type FrontendVersion = readonly [major: number, minor: number];

/** A pinned release. */
export interface Frontend {
  /** As the tag says it: `1.3`, `1.7-labs`. */
  readonly version: string;
  /** Whether it knows what came with a stable release, or earlier on the labs channel. */
  has(since: FrontendVersion, labs: FrontendVersion | undefined): boolean;
}

const REPOSITORIES: ReadonlySet<string> = new Set(["docker/dockerfile", "docker/dockerfile-upstream"]);

/**
 * The frontend of a `# syntax=` value; undefined where its version is not known, because it is not Docker's, or floats
 * (`1`, `latest`, `labs`, a digest alone).
 */
export function parseFrontend(value: string): Frontend | undefined {
  // BuildKit takes what stands before the first blank.
  const reference = parseImageReference(value.split(/\s/, 1)[0] ?? "");
  if (reference?.registry !== "docker.io" || !REPOSITORIES.has(reference.repository)) return undefined;
  const match = /^v?(\d+)\.(\d+)(?:\.\d+)?(?:-rc\d+)?(?:-(labs|experimental))?$/.exec(reference.tag ?? "");
  if (match === null) return undefined;
  const own: FrontendVersion = [Number(match[1]), Number(match[2])];
  const isLabs = match[3] !== undefined;
  return {
    version: reference.tag ?? "",
    has: (since, labs) => isAtLeast(own, since) || (isLabs && labs !== undefined && isAtLeast(own, labs)),
  };
}

/** Whether a release has what came with another one. */
export function isAtLeast(
  [major, minor]: FrontendVersion,
  [wantedMajor, wantedMinor]: FrontendVersion,
): boolean {
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
