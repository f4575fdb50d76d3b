/** A name of an image, taken apart. */
import { baseName } from "../../source/path.ts";
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

const PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const HOST = /^(?:\[[0-9a-fA-F:]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)(?::\d+)?$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const NAME_LIMIT = 255;
const DOCKER_HUB = "docker.io";

/** Files name the same images over and over, and what is told of one by its name is kept with its reference. */
const KNOWN = new Map<string, { readonly reference: ImageReference | undefined }>();
const MANY = 256;

/** Takes a name apart by the rules of the registries; undefined for what no registry takes, such as capitals. */
export function parseImageReference(text: string): ImageReference | undefined {
  // Longer ones are refused anyway; the patterns need not look at them.
  if (text === "" || text.length > 2 * NAME_LIMIT) return undefined;
  let known = KNOWN.get(text);
  if (known === undefined) {
    if (KNOWN.size === MANY) KNOWN.clear();
    // To V8, a part of a file's text holds on to the text; what was put together anew does not.
    const own = ` ${text}`.slice(1);
    KNOWN.set(own, (known = { reference: readReference(own) }));
  }
  return known.reference;
}

function readReference(text: string): ImageReference | undefined {
  const at = text.indexOf("@");
  const digest = at === -1 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) return undefined;
  const named = at === -1 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(":");
  const tagged = colon > named.lastIndexOf("/");
  const tag = tagged ? named.slice(colon + 1) : undefined;
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  const full = tagged ? named.slice(0, colon) : named;
  const slash = full.indexOf("/");
  const first = slash === -1 ? "" : full.slice(0, slash);
  const isHost =
    first !== "" && (/[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first);
  if (isHost && !HOST.test(first)) return undefined;
  const path = isHost ? full.slice(slash + 1) : full;
  if (!PATH.test(path) || full.length > NAME_LIMIT || /^[0-9a-f]{64}$/.test(text)) return undefined;
  const registry = isHost && first !== "index.docker.io" ? first : DOCKER_HUB;
  const repository = registry === DOCKER_HUB && !path.includes("/") ? `library/${path}` : path;
  const name = baseName(path);
  return { text, registry, explicitRegistry: isHost, repository, name, tag, digest };
}

/** What is told of an image by its name alone, worked out once: the stages of a file often share their image. */
export function oncePerImage<Told>(
  tell: (reference: ImageReference) => Told,
): (reference: ImageReference) => Told {
  const known = new WeakMap<ImageReference, { readonly told: Told }>();
  return (reference) => {
    let found = known.get(reference);
    if (found === undefined) known.set(reference, (found = { told: tell(reference) }));
    return found.told;
  };
}

function isDigest(digest: string): boolean {
  return digest.startsWith("sha256:") ? /^sha256:[0-9a-f]{64}$/.test(digest) : DIGEST.test(digest);
}
