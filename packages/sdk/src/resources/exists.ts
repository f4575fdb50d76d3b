import { NotFoundError } from "../errors.ts";
import type { CallOptions } from "../values/call-options.ts";

/** A handle of something that the engine may have. */
interface Inspectable {
  inspect(options?: CallOptions): Promise<unknown>;
}

export async function exists(handle: Inspectable, options?: CallOptions): Promise<boolean> {
  try {
    await handle.inspect(options);
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}
