/** A name of an image, taken apart. */
export interface ImageReference {
  /** As given. */
  readonly text: string;
  /** `docker.io` if none is given. */
  readonly registry: string;
  /** Whether the registry is given. */
  readonly explicitRegistry: boolean;
  /** Without registry and tag; official images as `library/alpine`. */
  readonly repository: string;
  /** The last part of the repository: `alpine`. */
  readonly name: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}
