import type { ContainerStatsResponse } from "../../generated/models.ts";
import type { ByteSource } from "../../streams/byte-source.ts";
import { JsonLines } from "../../streams/json-lines.ts";
import { lazySource } from "../../streams/lazy-source.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf } from "../../values/options.ts";
import { confirmEnd } from "../confirm-end.ts";
import { podmanRefusal } from "./podman-stats.ts";

/** How one sample is taken. */
export interface StatsOnceOptions extends CallOptions {
  /** Leaves out the second sample, and with it `precpu_stats`: there is then no CPU rate. Default `false`. */
  readonly quick?: boolean | undefined;
}

/** Takes {@link StatsOnceOptions}. */
export const statsOnceOptions: Check = optionsOf<StatsOnceOptions>("{ quick: true }", { quick: "boolean" });

/** Samples of a container's use of the machine, until it is removed. */
export function stats(
  caller: Caller,
  id: string,
  options: CallOptions = {},
): JsonLines<ContainerStatsResponse> {
  const source = lazySource(async (signal) => {
    const { body } = await caller.send("ContainerStats", { path: { id }, query: { stream: true }, signal });
    return confirmEnd(caller, body, () => caller.call("ContainerInspect", { path: { id }, signal }));
  }, options.signal);
  return samples(caller, source);
}

/** One sample. */
export async function statsOnce(
  caller: Caller,
  id: string,
  { quick, signal }: StatsOnceOptions = {},
): Promise<ContainerStatsResponse> {
  const query = { stream: false, "one-shot": quick };
  const { body } = await caller.send("ContainerStats", { path: { id }, query, signal });
  return await samples(caller, body).first();
}

function samples(caller: Caller, source: ByteSource): JsonLines<ContainerStatsResponse> {
  return new JsonLines(source, "ContainerStats", (sample) => podmanRefusal(caller, sample));
}
