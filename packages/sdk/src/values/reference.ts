/**
 * Image references such as `busybox`, `ghcr.io/org/app:1.2` and `app@sha256:…`, read by the rules of the
 * distribution project (github.com/distribution/reference), which the engine, the docker CLI and registries share.
 */

/** An image reference in its normalised parts. */
export interface ImageReference {
  /** Host, with its port if it has one. Docker Hub is `docker.io`. */
  readonly registry: string;
  /** Name inside the registry. Official images of Docker Hub are below `library/`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:` and 64 hexadecimal digits, or another registered algorithm. */
  readonly digest: string | undefined;
}

/** The registry of names that name none. */
export const defaultRegistry = "docker.io";

const hostName = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const registryPattern = new RegExp(`^(?:${hostName}(?:\\.${hostName})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const repositoryPattern =
  /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const imageIdPattern = /^(?:sha256:)?[a-f0-9]{64}$/;
const digestLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };
const longestRepository = 255;

/**
 * Reads a reference and fills in what it leaves out, except the tag.
 *
 * @param argument name of the argument or option that held the text, for the error.
 * @throws TypeError when it is no reference; the message says why. The id of an image is none.
 */
export function parseReference(text: string, argument = "reference"): ImageReference {
  const wrong = (why: string): TypeError =>
    new TypeError(`Argument "${argument}" is not an image reference: ${JSON.stringify(text)}: ${why}.`);
  if (typeof text !== "string") throw wrong("it is not text");
  if (text === "") throw wrong("it is empty");
  if (isImageId(text)) throw wrong("it is the id of an image, which has no name");

  const at = text.indexOf("@");
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  // A colon before the last slash belongs to the registry's port.
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  const { registry, repository } = splitName(colon === -1 ? named : named.slice(0, colon));

  if (!registryPattern.test(registry)) throw wrong(`"${registry}" is not the host of a registry`);
  if (repository !== repository.toLowerCase()) throw wrong("the repository's name must be in lower case");
  if (!repositoryPattern.test(repository)) {
    throw wrong(
      "between slashes, the repository's name takes a-z and 0-9, joined by one of . _ __ or any number of -",
    );
  }
  if (repository.length > longestRepository) {
    throw wrong(`the repository's name is longer than ${longestRepository} characters`);
  }
  if (tag !== undefined && !tagPattern.test(tag)) {
    throw wrong("a tag is up to 128 letters, digits, _ . and -, and does not begin with . or -");
  }
  if (digest !== undefined && !isDigest(digest)) {
    throw wrong(
      "a digest is sha256: and 64 hexadecimal digits in lower case, or the like of sha384 or sha512",
    );
  }
  return { registry, repository, tag, digest };
}

/** True for the id of an image, with or without `sha256:`. Shortened ids cannot be told from names. */
export function isImageId(text: string): boolean {
  return imageIdPattern.test(text);
}

/** Adds the tag `latest` where there is neither a tag nor a digest. */
export function withDefaultTag(reference: ImageReference): ImageReference {
  return reference.tag === undefined && reference.digest === undefined
    ? { ...reference, tag: "latest" }
    : reference;
}

/** The repository with its registry, as people write it: `busybox`, `user/app`, `ghcr.io/org/app`. */
export function familiarName({ registry, repository }: ImageReference): string {
  if (registry !== defaultRegistry) return `${registry}/${repository}`;
  const official = /^library\/([^/]+)$/.exec(repository);
  return official?.[1] ?? repository;
}

/** The reference as people write it: `busybox:1.36`. */
export function formatFamiliar(reference: ImageReference): string {
  return familiarName(reference) + suffix(reference);
}

/** The reference with everything spelt out: `docker.io/library/busybox:1.36`. */
export function formatReference(reference: ImageReference): string {
  return `${reference.registry}/${reference.repository}${suffix(reference)}`;
}

function suffix({ tag, digest }: ImageReference): string {
  return (tag === undefined ? "" : `:${tag}`) + (digest === undefined ? "" : `@${digest}`);
}

/** The first part is a registry when it cannot be the name of a Docker Hub user. */
function splitName(name: string): { registry: string; repository: string } {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  const isHost =
    slash !== -1 && (/[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase());
  const registry = !isHost || first === "index.docker.io" ? defaultRegistry : first;
  const repository = isHost ? name.slice(slash + 1) : name;
  const official = registry === defaultRegistry && !repository.includes("/");
  return { registry, repository: official ? `library/${repository}` : repository };
}

function isDigest(text: string): boolean {
  const [, algorithm = "", encoded = ""] = /^([a-z0-9]+):([a-f0-9]+)$/.exec(text) ?? [];
  return encoded.length === digestLengths[algorithm];
}
