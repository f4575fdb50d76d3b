/** Official images whose plain tags carry compilers and headers, and what their smaller tags are called. */
import type { ImageReference } from "./image-reference.ts";

/** A smaller variant of an image. */
export interface SlimVariant {
  /** The tag that has the same thing without the tools. */
  readonly tag: string;
  /** What is left out, as the end of a sentence. */
  readonly without: string;
}

type Naming = (tag: string) => string | undefined;

const DEBIAN_RELEASE = /(?:^|-)(trixie|bookworm|bullseye|buster)$/;
const BUILD_TOOLS = "compilers, headers and other build tools";
// Whatever else a tag says, it is small already, or of another kind.
const SMALL_OR_OTHER = /slim|alpine|distroless|minimal|nanoserver|windows|jre|onbuild|fpm|static|musl/;

const SLIM: ReadonlyMap<string, readonly [naming: Naming, without: string]> = new Map([
  ["node", [slimBeforeEnd, BUILD_TOOLS]],
  ["python", [slimAfterVersion, BUILD_TOOLS]],
  ["ruby", [slimAfterVersion, BUILD_TOOLS]],
  ["perl", [slimAfterVersion, BUILD_TOOLS]],
  ["pypy", [slimAfterVersion, BUILD_TOOLS]],
  ["erlang", [slimAfterVersion, BUILD_TOOLS]],
  ["elixir", [slimAfterVersion, BUILD_TOOLS]],
  ["debian", [slimDebian, "manual pages, locales and documentation"]],
  ["eclipse-temurin", [runtimeOnly, "the compiler and the tools of the JDK"]],
  ["amazoncorretto", [headless, "desktop libraries"]],
]);

/** How FROM names the smaller variant of an image; undefined where there is none. */
export function slimName(reference: ImageReference): string | undefined {
  const slim = slimVariant(reference);
  return slim && `${repositoryName(reference)}:${slim.tag}`;
}

/** The name of an image as it is written, without tag and digest. */
export function repositoryName({ registry, explicitRegistry, text }: ImageReference): string {
  const named = text.slice(explicitRegistry ? registry.length + 1 : 0).split(/[:@]/, 1)[0] ?? "";
  return `${explicitRegistry ? `${registry}/` : ""}${named}`;
}

/** The smaller variant of an official image; undefined if there is none, or it is one. */
export function slimVariant(reference: ImageReference): SlimVariant | undefined {
  const { registry, repository, name, tag } = reference;
  if (registry !== "docker.io" || repository !== `library/${name}`) return undefined;
  const known = SLIM.get(name);
  if (known === undefined || (tag !== undefined && SMALL_OR_OTHER.test(tag))) return undefined;
  const [naming, without] = known;
  const slim = naming(tag === "latest" ? "" : (tag ?? ""));
  return slim === undefined ? undefined : { tag: slim, without };
}

/** `20` → `20-slim`, `20-bookworm` → `20-bookworm-slim` */
function slimBeforeEnd(tag: string): string {
  return tag === "" ? "slim" : `${tag}-slim`;
}

/** `3.12` → `3.12-slim`, `3.12-bookworm` → `3.12-slim-bookworm` */
function slimAfterVersion(tag: string): string {
  const release = DEBIAN_RELEASE.exec(tag);
  if (release === null) return slimBeforeEnd(tag);
  const version = tag.slice(0, release.index);
  return version === "" ? `slim-${release[1] ?? ""}` : `${version}-slim-${release[1] ?? ""}`;
}

/** `12` → `12-slim`; `latest` has none of that name. */
function slimDebian(tag: string): string | undefined {
  return /^(?:\d+(?:\.\d+)?|stable|testing|trixie|bookworm|bullseye|buster)$/.test(tag)
    ? `${tag}-slim`
    : undefined;
}

/** `21`, `21-jdk` and `21-jdk-noble` → the same with `jre` */
function runtimeOnly(tag: string): string | undefined {
  if (tag.includes("jdk")) return tag.replace("jdk", "jre");
  return /^\d+$/.test(tag) ? `${tag}-jre` : undefined;
}

/** `21` → `21-headless` */
function headless(tag: string): string | undefined {
  return /^\d+$/.test(tag) ? `${tag}-headless` : undefined;
}
