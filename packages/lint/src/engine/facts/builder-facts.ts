/** Which builder an engine's users build with, and the Dockerfile frontend in it. */
import type { BuilderFacts } from "../../semantics/builder.ts";
import type { FrontendVersion } from "../../semantics/frontend.ts";
import type { Engine } from "../port.ts";

/** Releases of the engine and the minor of the frontend 1.x that their BuildKit has built in. */
const FRONTENDS: readonly (readonly [major: number, minor: number, frontend: number])[] = [
  [29, 0, 19],
  [28, 5, 19],
  [28, 4, 18],
  [28, 3, 17],
  [28, 2, 16],
  [28, 1, 15],
  [28, 0, 14],
  [27, 4, 11],
  [27, 3, 10],
  [27, 1, 9],
  [27, 0, 8],
  [26, 0, 7],
  [25, 0, 6],
  [24, 0, 5],
  [23, 0, 4],
  [20, 10, 2],
];

/** Which builder is wanted: by an option, or as the docker CLI is told by `DOCKER_BUILDKIT`. */
export interface WantedBuilder {
  readonly asked: "auto" | "buildkit" | "classic" | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What builds there: BuildKit, unless it is refused, or the engine is one of Windows. */
export function builderFacts(
  { version, platform }: Pick<Engine, "version" | "platform">,
  { asked = "auto", environment }: WantedBuilder,
): BuilderFacts {
  const isRefused = asked === "auto" && /^(?:0|f|false)$/i.test(environment["DOCKER_BUILDKIT"] ?? "");
  const isWindows = asked === "auto" && platform.startsWith("windows");
  const kind = asked === "classic" || isRefused || isWindows ? "classic" : "buildkit";
  const frontend = frontendOf(version);
  const source = `engine ${version}`;
  const built =
    frontend === undefined
      ? "a frontend of unknown version"
      : `the Dockerfile frontend ${frontend.join(".")}`;
  const why = isWindows ? "it runs on Windows" : `${isRefused ? "DOCKER_BUILDKIT" : "--builder"} asks for it`;
  const evidence =
    kind === "classic"
      ? `The ${source} builds with the classic builder: ${why}.`
      : `The ${source} builds with BuildKit, which has ${built} built in.`;
  return { kind, frontend, source, evidence };
}

/** The frontend of a release; undefined for one that is older or newer than all that are known. */
function frontendOf(version: string): FrontendVersion | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  const own = [Number(major), Number(minor)] as const;
  if (Number.isNaN(own[0]) || own[0] > (FRONTENDS[0]?.[0] ?? 0)) return undefined;
  const known = FRONTENDS.find(([at, below]) => own[0] > at || (own[0] === at && own[1] >= below));
  return known && [1, known[2]];
}
