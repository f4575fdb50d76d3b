import { asAccessDenied } from "../../auth/access-denied.ts";
import type { CredentialSource } from "../../auth/credentials.ts";
import { encodeRegistryAuth } from "../../auth/registry-auth.ts";
import type { AuthConfig } from "../../generated/models.ts";
import { Operation } from "../../operation.ts";
import type { TransferEvent } from "../../progress/event.ts";
import type { Caller } from "../../transport/call.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { formatPlatform, parsePlatform } from "../../values/platform.ts";
import { familiarName, formatFamiliar, parseReference, withDefaultTag } from "../../values/reference.ts";
import { Image } from "./image.ts";
import { transfer } from "./transfer.ts";

/** What a pull tells while it works. */
export type PullEvent = TransferEvent;

/** How an image is pulled. */
export interface PullOptions extends CallOptions {
  /** Which one of an image for many platforms, e.g. `linux/arm64`. Default: the engine's own. */
  readonly platform?: string | undefined;
  /** Default: what the client has for the registry. `{}` pulls as nobody. */
  readonly auth?: AuthConfig | undefined;
}

/** @throws TypeError when `reference` or the platform is malformed. */
export function pull(
  caller: Caller,
  credentials: CredentialSource,
  reference: string,
  options: PullOptions = {},
): Operation<PullEvent, Image> {
  const parsed = withDefaultTag(parseReference(reference));
  const { registry, tag, digest } = parsed;
  const platform =
    options.platform === undefined ? undefined : formatPlatform(parsePlatform(options.platform));
  // A digest says which image it is; a tag beside it is for people.
  const pulled = formatFamiliar(digest === undefined ? parsed : { ...parsed, tag: undefined });
  return new Operation(async function* (signal) {
    const auth = options.auth ?? (await credentials.get(registry, signal));
    try {
      const lines = await caller.call("ImageCreate", {
        query: { fromImage: familiarName(parsed), tag: digest ?? tag, platform },
        headers: { "X-Registry-Auth": encodeRegistryAuth(registry, auth) },
        body: undefined,
        signal,
      });
      yield* transfer(lines, isDone, { operation: "ImageCreate", reference: pulled });
    } catch (error) {
      throw asAccessDenied(error);
    }
    return new Image(caller, credentials, pulled);
  }, options.signal);
}

/** The last line: `Status: Downloaded newer image for …` or `Status: Image is up to date for …`. */
function isDone({ status }: { readonly status?: string | undefined }): true | undefined {
  return status?.startsWith("Status: ") === true ? true : undefined;
}
