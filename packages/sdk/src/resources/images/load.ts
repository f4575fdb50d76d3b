import type { CredentialSource } from "../../auth/credential-source.ts";
import type { BuildInfo } from "../../generated/models.ts";
import { Operation } from "../../operation.ts";
import type { TransferEvent } from "../../progress/event.ts";
import type { Caller, RequestBytes } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf } from "../../values/options.ts";
import { toPlatform } from "../../values/platform.ts";
import { Image } from "./image.ts";
import { transfer } from "./transfer.ts";

/** What a load tells while it works. */
export type LoadEvent = TransferEvent;

/** How a tar of images is loaded. */
export interface LoadOptions extends CallOptions {
  /** Loads only this one of an image for many platforms, e.g. `linux/arm64`. Default: all. Needs API 1.48. */
  readonly platform?: string | undefined;
}

/** Takes {@link LoadOptions}. */
export const loadOptions: Check = optionsOf<LoadOptions>('{ platform: "linux/arm64" }', { platform: "text" });

export function load(
  caller: Caller,
  credentials: CredentialSource,
  archive: Exclude<RequestBytes, string>,
  options: LoadOptions = {},
): Operation<LoadEvent, readonly Image[]> {
  const platform = toPlatform(options.platform);
  return new Operation<LoadEvent, readonly Image[]>(async function* (signal) {
    const lines = await caller.call("ImageLoad", { query: { platform }, body: archive, signal });
    const names = yield* transfer(lines, addLoaded, { operation: "ImageLoad" });
    return names.map((name) => new Image(caller, credentials, name));
  }, options.signal);
}

/** `Loaded image: NAME:TAG`, or `Loaded image ID: sha256:…` for one without a name. */
function addLoaded(
  { stream = "" }: BuildInfo,
  before: readonly string[] = [],
): readonly string[] | undefined {
  const found = [...stream.matchAll(/^Loaded image(?: ID)?: (\S+)$/gm)].map(([, name = ""]) => name);
  return found.length === 0 ? undefined : [...new Set([...before, ...found])];
}
