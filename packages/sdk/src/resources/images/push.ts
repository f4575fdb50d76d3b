import { registryAuth } from "../../auth/check-auth.ts";
import { asAccessDenied } from "../../auth/access-denied.ts";
import type { CredentialSource } from "../../auth/credential-source.ts";
import { registryAuthHeader } from "../../auth/registry-auth.ts";
import type { AuthConfig, OCIPlatform, PushImageInfo } from "../../generated/models.ts";
import { Operation } from "../../operation.ts";
import type { TransferEvent } from "../../progress/event.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf } from "../../values/options.ts";
import { toPlatform } from "../../values/platform.ts";
import { familiarName, formatFamiliar, withDefaultTag, type ImageReference } from "../../values/reference.ts";
import type { Work } from "../../work.ts";
import { parseRepository, parseTarget } from "./target.ts";
import { transfer } from "./transfer.ts";

/** What a push tells while it works. */
export type PushEvent = TransferEvent;

/** How an image is pushed. */
export interface PushOptions extends CallOptions {
  /** Pushes only this one of an image for many platforms, e.g. `linux/arm64`. Default: all. Needs API 1.46. */
  readonly platform?: string | undefined;
  /** Credentials for the registry; `{}` pushes as nobody. Default: what the client has for it. */
  readonly auth?: AuthConfig | undefined;
  /** Pushes the tag that is named, which is the default. For every tag of a repository see {@link PushAllOptions}. */
  readonly allTags?: false | undefined;
}

/** How all tags of an image are pushed. */
export interface PushAllOptions extends Omit<PushOptions, "allTags"> {
  /** Pushes every tag that the engine has of the repository; the reference has none. */
  readonly allTags: true;
}

/** Takes {@link PushOptions} and {@link PushAllOptions}. */
export const pushOptions: Check = optionsOf<PushOptions | PushAllOptions>('{ platform: "linux/arm64" }', {
  platform: "text",
  auth: registryAuth("auth"),
  allTags: "boolean",
});

/** What the registry now has. */
export interface PushResult {
  /** The image by its tag, e.g. `ghcr.io/org/app:1.2`. */
  readonly reference: string;
  /** The tag that was pushed. */
  readonly tag: string;
  /** Of the manifest, `sha256:…`. */
  readonly digest: string;
  /** Of the manifest, in bytes. */
  readonly size: number;
}

/** @throws TypeError when `reference` or the platform is malformed, or names no tag but a digest. */
export function push(
  caller: Caller,
  credentials: CredentialSource,
  reference: string,
  options: PushOptions = {},
): Operation<PushEvent, PushResult> {
  const request = toRequest(withDefaultTag(parseTarget(reference)), options);
  return new Operation(async function* (signal) {
    const [result] = yield* send(caller, credentials, request, signal);
    return result;
  }, options.signal);
}

/** @throws TypeError when `reference` or the platform is malformed, or has a tag or a digest. */
export function pushAll(
  caller: Caller,
  credentials: CredentialSource,
  reference: string,
  options: PushAllOptions,
): Operation<PushEvent, readonly PushResult[]> {
  const request = toRequest(parseRepository(reference), options);
  return new Operation(async function* (signal) {
    const results = yield* send(caller, credentials, request, signal);
    return results.toReversed();
  }, options.signal);
}

interface PushRequest {
  readonly target: ImageReference;
  readonly platform: OCIPlatform | undefined;
  readonly auth: AuthConfig | undefined;
}

function toRequest(target: ImageReference, { platform, auth }: PushOptions | PushAllOptions): PushRequest {
  return { target, platform: toPlatform(platform), auth };
}

/** The latest first. */
type Results = readonly [PushResult, ...PushResult[]];

async function* send(
  caller: Caller,
  credentials: CredentialSource,
  { target, platform, auth }: PushRequest,
  signal: AbortSignal,
): Work<PushEvent, Results> {
  const { registry, tag } = target;
  const headers = await registryAuthHeader(credentials, registry, { auth, signal });
  try {
    const lines = await caller.call("ImagePush", {
      path: { name: familiarName(target) },
      query: { tag, platform },
      headers,
      signal,
    });
    const find = (line: PushImageInfo, before: Results | undefined): Results | undefined => {
      const found = findPushed(line);
      if (found === undefined) return undefined;
      // Some engines tell a digest twice, in two forms.
      const others = (before ?? []).filter((result) => result.tag !== found.tag);
      return [{ reference: formatFamiliar({ ...target, tag: found.tag }), ...found }, ...others];
    };
    return yield* transfer(lines, find, { operation: "ImagePush", reference: formatFamiliar(target) });
  } catch (error) {
    throw asAccessDenied(error);
  }
}

/** What a line says the registry now has. Engines with the containerd image store say it in the status line only. */
export function findPushed({ status, aux }: PushImageInfo): Omit<PushResult, "reference"> | undefined {
  if (aux?.Tag !== undefined && aux.Digest !== undefined) {
    return { tag: aux.Tag, digest: aux.Digest, size: aux.Size ?? 0 };
  }
  const [, tag, digest, size] = /^(\S+): digest: (\S+) size: (\d+)$/.exec(status ?? "") ?? [];
  if (tag === undefined || digest === undefined) return undefined;
  return { tag, digest, size: Number(size) };
}
