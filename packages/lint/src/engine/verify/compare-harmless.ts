/** Which differences between two images do not count, since no program asks for them. */
import { posix } from "node:path";
import type { Harmlessness, ImageDifference } from "../../linter/facts/verification.ts";
import type { ImageSettings } from "./compare-config.ts";

/** A home folder: that of root, or a user's. */
const HOME = "/(?:root|home/[^/]+)";

/**
 * Folders of what package managers and compilers make anew, of logs, and of what is temporary. The group is the folder,
 * which counts itself where a lookahead ends it.
 */
const PLACES: readonly (readonly [Harmlessness, RegExp])[] = [
  ["cache", /^(\/var\/cache)\//],
  ["cache", /^(\/var\/lib\/apt\/lists)\//],
  ["cache", new RegExp(`^(${HOME}/\\.(?:cache|npm|node-gyp|yarn/cache|bundle/cache|composer/cache))(?=/|$)`)],
  ["cache", new RegExp(`^(${HOME}/\\.local/share/pnpm/store|${HOME}/\\.bun/install/cache)(?=/|$)`)],
  ["cache", /^(\/usr\/local\/share\/\.cache|\/usr\/share\/\.cache|\/\.cache|\/\.npm)(?=\/|$)/],
  ["cache", /^((?:\/usr\/local|\/root\/\.)\/?cargo\/registry\/(?:cache|index))(?=\/|$)/],
  ["cache", /^((?:\/root)?\/go\/pkg\/mod\/cache)(?=\/|$)/],
  ["cache", /^(\/(?:usr\/local\/bundle|(?:usr|var)\/lib\/(?:ruby\/)?gems(?:\/[^/]+)?)\/cache)(?=\/|$)/],
  ["cache", new RegExp(`^(${HOME}/\\.local/share/NuGet/(?:v3-cache|http-cache|plugins-cache))(?=/|$)`)],
  ["cache", /^(\/opt\/conda\/pkgs|.*\/node_modules\/\.cache)(?=\/|$)/],
  ["cache", /^(\/var\/lib\/(?:dnf|yum|zypp)\/(?:history|repos)[^/]*)(?=\/|$)/],
  ["log", /^(\/var\/log)\//],
  ["log", /^(\/var\/lib\/dnf\/[^/]*\.log)$/],
  ["temporary", /^(\/tmp|\/var\/tmp|\/run\/lock)\//],
];

/** Marks the differences that do not count. What the image's own command or working folder names always counts. */
export function markHarmless(
  differences: readonly ImageDifference[],
  settings: readonly ImageSettings[],
): ImageDifference[] {
  const needed = settings.flatMap(neededPaths);
  return differences.map((one) =>
    one.harmless === undefined && one.kind === "file" ? { ...one, harmless: reasonOf(one, needed) } : one,
  );
}

function reasonOf(
  { path, change, before, after }: ImageDifference,
  needed: readonly string[],
): Harmlessness | undefined {
  // What only programs of a certain kind can open is no cache.
  if ([before, after].some((text) => /device|attributes/.test(text ?? ""))) return undefined;
  for (const [reason, pattern] of PLACES) {
    const folder = pattern.exec(path)?.[1];
    if (folder !== undefined && !needed.some((one) => one === folder || one.startsWith(`${folder}/`)))
      return reason;
  }
  // Python compiles its modules anew where this is missing, and writes the time of the source into it.
  if (/\/__pycache__(?:\/[^/]+\.pyc)?$/.test(path)) return change === "changed" ? "timestamp" : "cache";
  return undefined;
}

/** The absolute paths that an image names in its configuration, and what is below them counts. */
function neededPaths({ Config: config }: ImageSettings): readonly string[] {
  const words = [...(config?.Entrypoint ?? []), ...(config?.Cmd ?? [])].flatMap((word) =>
    word.split(/[\s"';]+/),
  );
  return [config?.WorkingDir ?? "/", ...Object.keys(config?.Volumes ?? {}), ...words]
    .filter((path) => path.startsWith("/") && path !== "/")
    .map((path) => posix.normalize(path).replace(/\/$/, ""));
}
