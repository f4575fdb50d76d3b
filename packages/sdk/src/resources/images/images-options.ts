import { registryAuth } from "../../auth/check-auth.ts";
import type { AuthConfig } from "../../generated/models.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { filterOptions, type FilterOptions } from "../../values/filters.ts";
import { optionsOf } from "../../values/options.ts";

/** Which images are listed, and how much is told of them. */
export interface ImageListOptions extends CallOptions {
  /** Also the parents that have no name. Default `false`. */
  readonly all?: boolean | undefined;
  /** Only what matches, e.g. `{ label: "a=b", dangling: true, reference: "app:*" }`. Default: all. */
  readonly filters?: FilterOptions<"ImageList"> | undefined;
  /** Computes `SharedSize`, which takes the engine a while. Default `false`. Needs API 1.42. */
  readonly sharedSize?: boolean | undefined;
  /** Adds `Manifests`, the images of each platform. Default `false`. Needs API 1.47. */
  readonly manifests?: boolean | undefined;
}

/** How Docker Hub is searched. */
export interface ImageSearchOptions extends CallOptions {
  /** Results, from 1 to 100. Default: the engine's, 25. */
  readonly limit?: number | undefined;
  /** Only what matches, e.g. `{ "is-official": true, stars: 10 }`. Default: all. */
  readonly filters?: FilterOptions<"ImageSearch"> | undefined;
  /** Credentials for the registry. Default: those that the client has. */
  readonly auth?: AuthConfig | undefined;
}

/** Which images go. */
export interface ImagePruneOptions extends CallOptions {
  /** Also named images that no container uses. Default: only those without a name. */
  readonly all?: boolean | undefined;
  /** Of what would go, only what matches, e.g. `{ until: "24h" }`. Default: all of it. */
  readonly filters?: FilterOptions<"ImagePrune"> | undefined;
}

/** Takes {@link ImageListOptions}. */
export const listOptions: Check = optionsOf<ImageListOptions>("{ all: true }", {
  all: "boolean",
  filters: filterOptions,
  sharedSize: "boolean",
  manifests: "boolean",
});
/** Takes {@link ImageSearchOptions}. */
export const searchOptions: Check = optionsOf<ImageSearchOptions>("{ limit: 10 }", {
  limit: "integer",
  filters: filterOptions,
  auth: registryAuth("auth"),
});
/** Takes {@link ImagePruneOptions}. */
export const pruneOptions: Check = optionsOf<ImagePruneOptions>("{ all: true }", {
  all: "boolean",
  filters: filterOptions,
});
