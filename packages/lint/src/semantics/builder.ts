/** What reads Dockerfiles on an engine, and what it does not know. */
import type { Dockerfile } from "../syntax/nodes.ts";
import { parseFrontend, isAtLeast, type FrontendVersion } from "./frontend.ts";
import type { NewerSyntax } from "./newer-syntax.ts";

/** The builder of an engine. */
export interface BuilderFacts {
  /** The classic builder knows nothing that came after version 1.0 of the frontend. */
  readonly kind: "buildkit" | "classic";
  /** The Dockerfile frontend that is built in; undefined where it is not known. */
  readonly frontend: FrontendVersion | undefined;
  /** Whose it is: `engine 28.5.2`. */
  readonly source: string;
  /** How that is known, as a sentence. */
  readonly evidence: string;
}

/** The builder where no engine is asked: only what a file pins is known. */
export const UNKNOWN_BUILDER: BuilderFacts = {
  kind: "buildkit",
  frontend: undefined,
  source: "the engine",
  evidence: "",
};

/** What the classic builder takes from BuildKit's parser, so that it came to both with the same engine. */
const SHARED: ReadonlySet<string> = new Set([
  "HEALTHCHECK --start-interval",
  "Trimming and replacing in ${…}",
  "# check=",
]);

/** Whether anything is known that a builder might not do; see `lacks`. */
export function mayLack(
  { kind, frontend }: BuilderFacts,
  { directives }: Pick<Dockerfile, "directives">,
): boolean {
  if (kind === "classic") return true;
  const syntax = directives.find(({ name }) => name === "syntax");
  return syntax === undefined ? frontend !== undefined : parseFrontend(syntax.value) !== undefined;
}

/** Why a builder cannot do what a file wants, as the end of a sentence; undefined where it can, or that is not known. */
export function lacks(
  { kind, frontend, source }: BuilderFacts,
  { feature, since, labs }: NewerSyntax,
  { directives }: Pick<Dockerfile, "directives">,
): string | undefined {
  const isShared = SHARED.has(feature);
  if (kind === "classic" && !isShared) return `needs BuildKit, and ${source} builds with the classic builder`;
  const syntax = kind === "classic" ? undefined : directives.find(({ name }) => name === "syntax");
  const wanted = `needs the Dockerfile frontend ${since.join(".")}${labs === undefined ? "" : ` (or ${labs.join(".")}-labs)`}`;
  if (syntax !== undefined) {
    const pinned = parseFrontend(syntax.value);
    if (pinned === undefined || pinned.has(since, labs)) return undefined;
    return `${wanted}, and the first lines pin ${pinned.version}`;
  }
  // What a comment says harms nobody who does not read it.
  if (feature === "# check=" || frontend === undefined || isAtLeast(frontend, since)) return undefined;
  return `${wanted}, and ${source} has ${frontend.join(".")} built in`;
}
