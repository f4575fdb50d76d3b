import type { AnalyseOptions, Variable } from "../model.ts";

const BUILD_PLATFORM = ["BUILDPLATFORM", "BUILDOS", "BUILDOSVERSION", "BUILDARCH", "BUILDVARIANT"];
const TARGET_PLATFORM = [
  "TARGETPLATFORM",
  "TARGETOS",
  "TARGETOSVERSION",
  "TARGETARCH",
  "TARGETVARIANT",
  "TARGETSTAGE",
];
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];

/** The ARGs whose values the builder gives without `--build-arg`: for platforms. In a stage they need an ARG. */
const PLATFORM_ARGS: ReadonlySet<string> = new Set([...BUILD_PLATFORM, ...TARGET_PLATFORM]);

/** The ARGs that may be given though no ARG names them; to expand them in a stage takes an ARG all the same. */
export const PREDEFINED_ARGS: ReadonlySet<string> = new Set([
  ...PLATFORM_ARGS,
  ...PROXIES,
  ...PROXIES.map((name) => name.toLowerCase()),
  "SOURCE_DATE_EPOCH",
  "BUILDKIT_SYNTAX",
]);

const NO_PLATFORM: ReadonlyMap<string, Variable> = platformArgs({});
const NOTHING: ReadonlyMap<string, Variable> = new Map();
const PATH_ALONE: ReadonlyMap<string, Variable> = new Map([["PATH", builtin("PATH", undefined, false)]]);

/** What is defined in FROM and before. */
export function globalBuiltins(options: AnalyseOptions): ReadonlyMap<string, Variable> {
  return options.platform === undefined ? NO_PLATFORM : platformArgs(options);
}

/** What is defined in every stage: PATH, which all images but those of Windows have. */
export function stageBuiltins(windows: boolean): ReadonlyMap<string, Variable> {
  return windows ? NOTHING : PATH_ALONE;
}

function platformArgs(options: AnalyseOptions): ReadonlyMap<string, Variable> {
  return new Map([...PLATFORM_ARGS].map((name) => [name, platformArg(name, options)]));
}

/** A platform ARG with its value as far as `--platform` tells it. */
export function platformArg(name: string, options: AnalyseOptions): Variable {
  const [os, arch, variant] = (options.platform ?? "").split("/");
  const values: Readonly<Record<string, string | undefined>> = {
    TARGETPLATFORM: options.platform,
    TARGETOS: os || undefined,
    TARGETARCH: arch,
    TARGETVARIANT: options.platform === undefined ? undefined : (variant ?? ""),
  };
  const value = values[name];
  return builtin(name, value, value !== undefined);
}

function builtin(name: string, value: string | undefined, known: boolean): Variable {
  return { name, kind: "builtin", value, known, word: undefined, instruction: undefined };
}
