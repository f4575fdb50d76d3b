import { UnsupportedError } from "../../errors.ts";
import { compareApiVersions } from "../../transport/api-version.ts";
import type { Caller } from "../../transport/call.ts";
import { ping } from "../system/ping.ts";
import { cacheExports, hasCacheEntries } from "./build-cache.ts";
import type { BuildOptions, RunningBuildOptions } from "./build-options.ts";

type Builder = "buildkit" | "classic";
type OptionName = keyof BuildOptions;

const classicOnly: readonly OptionName[] = [
  "memory",
  "memorySwap",
  "cpuShares",
  "cpusetCpus",
  "cpusetMems",
  "cpuPeriod",
  "cpuQuota",
  "securityOpt",
  "squash",
];
const buildkitOnly: readonly OptionName[] = ["secrets", "ssh", "contexts", "cacheTo"];
/** The BuildKit of Docker 20.10 takes these and does nothing. */
const buildkitSince23: readonly OptionName[] = ["shmSize", "ulimits", "cgroupParent"];

/**
 * Which of the engine's builders can do what is asked. Every Linux engine since 18.09 has BuildKit, whether it makes it
 * the default or not; `auto` takes it unless an option needs the other.
 *
 * @throws UnsupportedError when no builder, or not the one that is asked for, can do it.
 */
export async function chooseBuilder(caller: Caller, options: RunningBuildOptions): Promise<Builder> {
  const { builder = "auto", signal } = options;
  const forClassic = needsBuildkit(options);
  if (builder === "classic") {
    if (forClassic !== undefined) refuse(`"${forClassic}" needs BuildKit`, "BuildKit", "the classic builder");
    return "classic";
  }
  const version = await caller.apiVersion(signal);
  if (caller.podman === undefined) checkBuildkitVersion(options, version);
  const forBuildkit = needsClassic(options, version);
  if (builder === "auto" && forBuildkit !== undefined && forClassic === undefined) return "classic";
  const { osType } = await ping(caller, signal);
  if (caller.podman !== undefined) return withoutBuildkit(options, forClassic, caller.podman);
  const isLinux = osType === "linux" || osType === "";
  if (!isLinux) {
    if (builder === "auto" && forClassic === undefined) return "classic";
    refuse("BuildKit needs an engine on Linux", "BuildKit", `an engine on ${osType}`);
  }
  if (forBuildkit === undefined) return "buildkit";
  return refuse(
    `"${forBuildkit}" needs the classic builder${forClassic === undefined ? "" : `, "${forClassic}" BuildKit`}`,
    "the classic builder",
    "BuildKit",
  );
}

/** Podman builds by itself, through `POST /build` as the classic builder does. */
function withoutBuildkit(
  { builder = "auto" }: RunningBuildOptions,
  forBuildkit: string | undefined,
  podman: string,
): Builder {
  if (builder === "auto" && forBuildkit === undefined) return "classic";
  const what = forBuildkit === undefined ? '"builder" names BuildKit' : `"${forBuildkit}" needs BuildKit`;
  return refuse(`${what}, which Podman has not`, "BuildKit", `Podman ${podman}`);
}

function needsBuildkit(options: RunningBuildOptions): string | undefined {
  const { output = "image", noCache, cacheFrom } = options;
  if (output !== "image") return "output";
  if (noCache !== undefined && typeof noCache !== "boolean") return "noCache";
  if (hasCacheEntries(cacheFrom)) return "cacheFrom";
  return buildkitOnly.find((name) => options[name] !== undefined);
}

function checkBuildkitVersion({ contexts = {}, cacheTo }: RunningBuildOptions, version: string): void {
  if (compareApiVersions(version, "1.42") >= 0) return;
  const names = [
    ...(Object.keys(contexts).length > 0 ? ["contexts"] : []),
    ...(cacheExports(cacheTo).some(({ type }) => type !== "inline") ? ["cacheTo"] : []),
  ];
  if (names[0] !== undefined)
    refuse(`"${names[0]}" needs API 1.42`, "API 1.42 (Docker 23)", `API ${version}`);
}

function needsClassic(options: RunningBuildOptions, apiVersion: string): OptionName | undefined {
  const { network } = options;
  if (network !== undefined && !["default", "none", "host"].includes(network)) return "network";
  const names =
    compareApiVersions(apiVersion, "1.42") < 0 ? [...classicOnly, ...buildkitSince23] : classicOnly;
  return names.find((name) => options[name] !== undefined);
}

function refuse(what: string, needs: string, has: string): never {
  throw new UnsupportedError(`A build cannot be done so: ${what}.`, { operation: "ImageBuild", needs, has });
}
