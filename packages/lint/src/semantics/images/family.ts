import { oncePerImage, type ImageReference } from "./image-reference.ts";
import type { Family } from "../model.ts";

const BY_NAME: ReadonlyMap<string, Family> = new Map([
  ["alpine", "alpine"],
  ["debian", "debian"],
  ["ubuntu", "ubuntu"],
  ["busybox", "busybox"],
  ["archlinux", "arch"],
  ["centos", "rhel"],
  ["fedora", "rhel"],
  ["rockylinux", "rhel"],
  ["almalinux", "rhel"],
  ["oraclelinux", "rhel"],
  ["amazonlinux", "rhel"],
  ["nanoserver", "windows"],
  ["servercore", "windows"],
  // Official images and what their plain tags are made of.
  ...[
    "node",
    "python",
    "ruby",
    "golang",
    "rust",
    "php",
    "perl",
    "gcc",
    "buildpack-deps",
    "nginx",
    "httpd",
  ].map(debian),
  ...["postgres", "redis", "haskell", "julia", "pypy", "tomcat-native", "wordpress", "drupal", "ghost"].map(
    debian,
  ),
  ...["eclipse-temurin", "mongo", "mariadb", "swift", "maven", "gradle", "tomcat"].map(ubuntu),
]);

// The first that is found in the tag decides.
const BY_TAG: readonly (readonly [pattern: RegExp, family: Family])[] = [
  [/alpine/, "alpine"],
  [/nanoserver|windowsservercore|windows/, "windows"],
  [/bookworm|bullseye|buster|trixie|stretch|jessie|debian/, "debian"],
  [/jammy|noble|focal|bionic|xenial|ubuntu/, "ubuntu"],
  [/distroless/, "distroless"],
  [/busybox/, "busybox"],
  [/ubi\d|fedora|centos|rocky|alma|oracle|amazon|al20\d\d|\bel\d/, "rhel"],
];

/** Which userland an image has, judged by its name and tag. */
export const familyOf: (reference: ImageReference) => Family = oncePerImage((reference) => {
  const { registry, repository, name } = reference;
  const tag = reference.tag ?? "";
  if (repository.includes("distroless")) return "distroless";
  if (registry === "cgr.dev" || repository.startsWith("chainguard/")) return "wolfi";
  if (repository.startsWith("windows/") || name === "windows") return "windows";
  if (/^(?:opensuse|suse)(?:\/|$)/.test(repository) || registry === "registry.suse.com") return "suse";
  if (name.startsWith("ubi") || /^(?:ubi|rhel)\d/.test(repository)) return "rhel";
  if (name.includes("alpine")) return "alpine";
  for (const [pattern, family] of BY_TAG) if (pattern.test(tag)) return family;
  const named = BY_NAME.get(name);
  // A name says nothing about somebody else's image, unless it is a distribution's.
  if (named && (repository === `library/${name}` || registry !== "docker.io" || DISTRIBUTIONS.has(name)))
    return named;
  return "unknown";
});

const DISTRIBUTIONS: ReadonlySet<string> = new Set([
  "alpine",
  "debian",
  "ubuntu",
  "busybox",
  "centos",
  "fedora",
]);

function debian(name: string): [string, Family] {
  return [name, "debian"];
}

function ubuntu(name: string): [string, Family] {
  return [name, "ubuntu"];
}
