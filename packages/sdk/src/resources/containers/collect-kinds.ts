import { byteLimit } from "../../streams/byte-limit.ts";
import type { CollectOptions } from "../../streams/output-collector.ts";
import type { Kinds } from "../../values/options.ts";

/** What {@link CollectOptions} are. No limit is `Infinity`, which is no number elsewhere. */
export const collectKinds: Kinds<CollectOptions> = {
  maxBytes: (value) => void byteLimit(value as number), // which says so where it is none
};
