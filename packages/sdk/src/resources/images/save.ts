import { ByteStream } from "../../streams/byte-stream.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { toId, type Ref } from "../../values/id.ts";
import { toList } from "../../values/list.ts";
import { optionsOf } from "../../values/options.ts";
import { toPlatform } from "../../values/platform.ts";
import { CompleteTar } from "./complete-tar.ts";

/** How images are saved. */
export interface SaveOptions extends CallOptions {
  /** Saves only this one of an image for many platforms, e.g. `linux/arm64`. Default: all. Needs API 1.48. */
  readonly platform?: string | undefined;
}

/** Takes {@link SaveOptions}. */
export const saveOptions: Check = optionsOf<SaveOptions>('{ platform: "linux/arm64" }', { platform: "text" });

export async function save(
  caller: Caller,
  images: Ref | readonly Ref[],
  { platform, signal }: SaveOptions = {},
): Promise<ByteStream> {
  const names = toList(images).map((image) => toId(image, "images"));
  if (names.length === 0 || names.includes("")) throw new TypeError('Argument "images" must name images.');
  const stream = await caller.call("ImageGetAll", {
    query: { names, platform: toPlatform(platform) },
    signal,
  });
  return new ByteStream(new CompleteTar(stream.take(), "ImageGetAll"));
}
