import type { Ecosystem } from "./dependency-install.ts";

/** Parts of the paths where the tools that load while they build keep what they loaded. */
const PLACES: Partial<Record<Ecosystem, readonly string[]>> = {
  go: ["go/pkg/mod", "go-build"],
  cargo: ["cargo/registry", "/target", "cargo"],
  maven: [".m2"],
  gradle: [".gradle", "gradle"],
  dotnet: [".nuget", "nuget"],
};

/** Whether one of the cache mounts keeps what a tool loaded from build to build. */
export function keepsDependencies(ecosystem: Ecosystem, targets: readonly string[]): boolean {
  return (PLACES[ecosystem] ?? []).some((place) => targets.some((target) => target.includes(place)));
}
