import { asAccessDenied } from "../../auth/access-denied.ts";
import type { CredentialSource } from "../../auth/credentials.ts";
import { encodeRegistryAuth } from "../../auth/registry-auth.ts";
import type { AuthConfig, PushImageInfo } from "../../generated/models.ts";
import { Operation } from "../../operation.ts";
import type { TransferEvent } from "../../progress/event.ts";
import type { Caller } from "../../transport/call.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { parsePlatform } from "../../values/platform.ts";
import { familiarName, formatFamiliar, withDefaultTag } from "../../values/reference.ts";
import { parseTarget } from "./target.ts";
import { transfer } from "./transfer.ts";

/** What a push tells while it works. */
export type PushEvent = TransferEvent;

/** How an image is pushed. */
export interface PushOptions extends CallOptions {
  /** Pushes only this one of an image for many platforms. Needs API 1.46. */
  readonly platform?: string | undefined;
  /** Default: what the client has for the registry. `{}` pushes as nobody. */
  readonly auth?: AuthConfig | undefined;
}

/** What the registry now has. */
export interface PushResult {
  /** e.g. `ghcr.io/org/app:1.2` */
  readonly reference: string;
  /** The tag that was pushed. */
  readonly tag: string;
  /** Of the manifest, `sha256:…`. */
  readonly digest: string;
  /** Of the manifest, in bytes. */
  readonly size: number;
}

/** @throws TypeError when `reference` is malformed, or names no tag but a digest. */
export function push(
  caller: Caller,
  credentials: CredentialSource,
  reference: string,
  options: PushOptions = {},
): Operation<PushEvent, PushResult> {
  const parsed = withDefaultTag(parseTarget(reference));
  const { registry, tag } = parsed;
  const pushed = formatFamiliar(parsed);
  const platform = options.platform === undefined ? undefined : parsePlatform(options.platform);
  return new Operation(async function* (signal) {
    const auth = options.auth ?? (await credentials.get(registry, signal));
    try {
      const lines = await caller.call("ImagePush", {
        path: { name: familiarName(parsed) },
        query: { tag, platform },
        headers: { "X-Registry-Auth": encodeRegistryAuth(registry, auth) },
        signal,
      });
      const found = yield* transfer(lines, findDigest, { operation: "ImagePush", reference: pushed });
      return { reference: pushed, ...found };
    } catch (error) {
      throw asAccessDenied(error);
    }
  }, options.signal);
}

/** Engines with the containerd image store send the digest in the status line only. */
function findDigest({ status, aux }: PushImageInfo): Omit<PushResult, "reference"> | undefined {
  if (aux?.Tag !== undefined && aux.Digest !== undefined) {
    return { tag: aux.Tag, digest: aux.Digest, size: aux.Size ?? 0 };
  }
  const [, tag, digest, size] = /^(\S+): digest: (\S+) size: (\d+)$/.exec(status ?? "") ?? [];
  if (tag === undefined || digest === undefined) return undefined;
  return { tag, digest, size: Number(size) };
}
