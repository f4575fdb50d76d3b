import type { Check } from "../values/argument.ts";
import { objectOf, type Kinds } from "../values/options.ts";

/** How much is read. */
export interface ByteLimitOptions {
  /** The longest that is read whole, in bytes; `RangeError` beyond. Default: no limit. */
  readonly maxBytes?: number | undefined;
}

/**
 * What a caller gave as `maxBytes`; `Infinity` is no limit.
 * @throws TypeError for what is no number, and for one below zero: nothing would be longer than `NaN`.
 */
export function byteLimit(maxBytes: number): number {
  if (typeof maxBytes === "number" && maxBytes >= 0) return maxBytes;
  throw new TypeError(`Argument "maxBytes" must be a number of bytes: ${String(maxBytes)}`);
}

/** No limit is `Infinity`, which is no number elsewhere. */
export const limitKinds: Kinds<ByteLimitOptions> = {
  maxBytes: (value) => void byteLimit(value as number), // which says so where it is none
};

/** Takes {@link ByteLimitOptions}. */
export const limitOptions: Check = objectOf<ByteLimitOptions>("options", "{ maxBytes: 1024 }", limitKinds);
