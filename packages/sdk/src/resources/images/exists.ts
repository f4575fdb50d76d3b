import { NotFoundError } from "../../errors.ts";
import type { CallOptions } from "../../values/call-options.ts";
import type { Image } from "./image.ts";

export async function exists(image: Image, options?: CallOptions): Promise<boolean> {
  try {
    await image.inspect(options);
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}
