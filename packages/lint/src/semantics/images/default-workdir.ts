/** Whether an image starts in a folder of its own: what an engine says, or else what is known of the official ones. */
import { hasTrigger } from "./image-facts.ts";
import type { BaseImage } from "../model.ts";

/** Official images that leave the working directory at `/`. */
const AT_ROOT: ReadonlySet<string> = new Set([
  ...[
    "almalinux",
    "alpine",
    "amazoncorretto",
    "amazonlinux",
    "archlinux",
    "bash",
    "buildpack-deps",
    "busybox",
  ],
  ...[
    "centos",
    "clearlinux",
    "debian",
    "docker",
    "eclipse-temurin",
    "elixir",
    "erlang",
    "fedora",
    "gcc",
    "haskell",
  ],
  ...["julia", "mariadb", "maven", "memcached", "mongo", "mysql", "nginx", "node", "openjdk", "oraclelinux"],
  ...["postgres", "python", "rabbitmq", "rockylinux", "ruby", "rust", "sl", "swift", "traefik", "ubuntu"],
]);

/** True if it is certain that no WORKDIR is set below; false if there is one, or nobody knows. */
export function startsAtRoot({ scratch, reference, facts }: BaseImage): boolean {
  if (scratch) return true;
  if (facts !== undefined) return /^(?:\/|)$/.test(facts.workdir) && !hasTrigger(facts, "WORKDIR");
  if (reference === undefined) return false;
  const { registry, repository, name } = reference;
  if (/^(?:windows|microsoft)\/(?:nanoserver|(?:windows)?servercore|server|windows)$/.test(repository))
    return true;
  return registry === "docker.io" && repository === `library/${name}` && AT_ROOT.has(name);
}
