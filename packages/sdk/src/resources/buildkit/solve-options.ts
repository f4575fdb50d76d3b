import { list, texts, type Check } from "../../values/argument.ts";
import { namedTexts } from "../../values/named-values.ts";
import { objectOf, optionsOf } from "../../values/options.ts";
import type { BuildOptions } from "../images/build-options.ts";
import type { BuildOutput } from "../images/build-output.ts";
import { dockerfileKinds } from "../images/check-context.ts";
import { outputPlace } from "../images/check-output.ts";
import { sessionKinds } from "../images/check-session.ts";

/** One exporter or cache, in BuildKit's words. */
export interface SolveEntry {
  /** The kind, by BuildKit's name, e.g. `registry`, `local` or `oci`. */
  readonly type: string;
  /** Its attributes, by BuildKit's names. */
  readonly attrs?: Readonly<Record<string, string>> | undefined;
}

/** What becomes of the result, in BuildKit's words. */
export interface SolveExporter extends SolveEntry {
  /** Where what it sends to this side goes: needed by `local` (a folder), `tar`, `oci` and `docker` (archives). */
  readonly to?: Exclude<BuildOutput, "image" | "none"> | undefined;
}

/** What BuildKit is asked to solve. */
export interface SolveOptions extends Pick<
  BuildOptions,
  "context" | "dockerfile" | "secrets" | "ssh" | "auth" | "signal"
> {
  /** Attributes of the frontend, e.g. `{ target: "test", "build-arg:A": "b" }`. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  /**
   * e.g. `[{ type: "moby", attrs: { name: "docker.io/library/app:1" } }, { type: "local", to: { local: "./out" } }]`.
   * Default: none, which fills the cache. Engines before 26 know one.
   */
  readonly exporters?: readonly SolveExporter[] | undefined;
  /** Caches besides the engine's own, e.g. `[{ type: "local", attrs: { src: "./cache" } }]`. Default: none. */
  readonly cacheImports?: readonly SolveEntry[] | undefined;
  /** Where the cache is left for others, e.g. `[{ type: "local", attrs: { dest: "./cache" } }]`. Default: nowhere. */
  readonly cacheExports?: readonly SolveEntry[] | undefined;
  /** What the build may do beyond the usual, e.g. `["network.host"]`. Default: nothing. */
  readonly entitlements?: readonly string[] | undefined;
  /** What reads the Dockerfile. Default `dockerfile.v0`. */
  readonly frontend?: string | undefined;
  /** The id of the build, for `status`; must be unique. Default: random. */
  readonly ref?: string | undefined;
}

const attrs = namedTexts("attrs", '{ src: "./cache" }');
const to = outputPlace("to", '{ local: "./out" } or { tar: "out.tar" }');
const entry = (name: string): Check =>
  objectOf<SolveEntry>(name, '{ type: "inline" }', { type: "text", attrs }, "type");
const exporter = (name: string): Check =>
  objectOf<SolveExporter>(
    name,
    '{ type: "local", to: { local: "./out" } }',
    { type: "text", attrs, to },
    "type",
  );

/** Takes {@link SolveOptions}. */
export const solveOptions: Check = optionsOf<SolveOptions>(
  '{ context: "." }',
  {
    ...dockerfileKinds,
    ...sessionKinds,
    attributes: namedTexts("attributes", '{ target: "test" }'),
    exporters: list("exporters", '[{ type: "local", to: { local: "./out" } }]', exporter),
    cacheImports: list("cacheImports", '[{ type: "local", attrs: { src: "./cache" } }]', entry),
    cacheExports: list("cacheExports", '[{ type: "local", attrs: { dest: "./cache" } }]', entry),
    entitlements: texts("entitlements", '["network.host"]'),
    frontend: "text",
    ref: "text",
  },
  "context",
);

/** What a solve ended with. */
export interface SolveResult {
  /** The id of the build, as in `status` and the history. */
  readonly ref: string;
  /** What the exporters say, e.g. `containerimage.digest`. */
  readonly response: Readonly<Record<string, string>>;
}
