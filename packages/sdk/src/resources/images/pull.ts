import { registryAuth } from "../../auth/check-auth.ts";
import { asAccessDenied } from "../../auth/access-denied.ts";
import type { CredentialSource } from "../../auth/credential-source.ts";
import { registryAuthHeader } from "../../auth/registry-auth.ts";
import { UnsupportedError } from "../../errors.ts";
import type { AuthConfig, CreateImageInfo } from "../../generated/models.ts";
import { Operation } from "../../operation.ts";
import type { TransferEvent } from "../../progress/event.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf } from "../../values/options.ts";
import { toPlatformText } from "../../values/platform.ts";
import {
  familiarName,
  formatFamiliar,
  parseReference,
  withDefaultTag,
  type ImageReference,
} from "../../values/reference.ts";
import type { Work } from "../../work.ts";
import { Image } from "./image.ts";
import { parseRepository } from "./target.ts";
import { transfer } from "./transfer.ts";

/** What a pull tells while it works. */
export type PullEvent = TransferEvent;

/** How an image is pulled. */
export interface PullOptions extends CallOptions {
  /** Which one of an image for many platforms, e.g. `linux/arm64`. Default: the engine's own. */
  readonly platform?: string | undefined;
  /** Credentials for the registry; `{}` pulls as nobody. Default: what the client has for it. */
  readonly auth?: AuthConfig | undefined;
  /** Pulls the tag that is named, which is the default. For every tag of a repository see {@link PullAllOptions}. */
  readonly allTags?: false | undefined;
}

/** How all tags of an image are pulled. */
export interface PullAllOptions extends Omit<PullOptions, "allTags"> {
  /** Pulls every tag that the registry has of the repository; the reference has none. */
  readonly allTags: true;
}

/** Takes {@link PullOptions} and {@link PullAllOptions}. */
export const pullOptions: Check = optionsOf<PullOptions | PullAllOptions>('{ platform: "linux/arm64" }', {
  platform: "text",
  auth: registryAuth("auth"),
  allTags: "boolean",
});

/** @throws TypeError when `reference` or the platform is malformed. */
export function pull(
  caller: Caller,
  credentials: CredentialSource,
  reference: string,
  options: PullOptions = {},
): Operation<PullEvent, Image> {
  const parsed = withDefaultTag(parseReference(reference));
  // A digest says which image it is; a tag beside it is for people.
  const target = parsed.digest === undefined ? parsed : { ...parsed, tag: undefined };
  const request = toRequest(target, options);
  return new Operation(async function* (signal) {
    yield* fetchImages(caller, credentials, request, signal);
    return new Image(caller, credentials, formatFamiliar(target));
  }, options.signal);
}

/** @throws TypeError when `reference` or the platform is malformed, or has a tag or a digest. */
export function pullAll(
  caller: Caller,
  credentials: CredentialSource,
  reference: string,
  options: PullAllOptions,
): Operation<PullEvent, readonly Image[]> {
  const request = toRequest(parseRepository(reference), options);
  return new Operation(async function* (signal) {
    await caller.apiVersion(signal);
    if (caller.podman !== undefined) {
      throw new UnsupportedError('"allTags" needs Docker\'s engine: Podman pulls one tag at a time.', {
        operation: "ImageCreate",
        needs: "Docker's engine",
        has: `Podman ${caller.podman}`,
      });
    }
    const { tags } = yield* fetchImages(caller, credentials, request, signal);
    const references = [...tags].toSorted().map((tag) => formatFamiliar({ ...request.target, tag }));
    return references.map((pulled) => new Image(caller, credentials, pulled));
  }, options.signal);
}

interface PullRequest {
  readonly target: ImageReference;
  readonly platform: string | undefined;
  readonly auth: AuthConfig | undefined;
}

function toRequest(target: ImageReference, { platform, auth }: PullOptions | PullAllOptions): PullRequest {
  return {
    target,
    platform: toPlatformText(platform),
    auth,
  };
}

interface Pulled {
  readonly tags: ReadonlySet<string>;
}

async function* fetchImages(
  caller: Caller,
  credentials: CredentialSource,
  { target, platform, auth }: PullRequest,
  signal: AbortSignal,
): Work<PullEvent, Pulled> {
  const { registry, tag, digest } = target;
  const headers = await registryAuthHeader(credentials, registry, { auth, signal });
  const tags = new Set<string>();
  try {
    const lines = await caller.call("ImageCreate", {
      query: { fromImage: familiarName(target), tag: digest ?? tag, platform },
      headers,
      body: undefined,
      signal,
    });
    const find = ({ id, status }: CreateImageInfo): Pulled | undefined => {
      if (id !== undefined && status?.startsWith("Pulling from ") === true) tags.add(id);
      return isDone(status, caller.podman !== undefined) ? { tags } : undefined;
    };
    return yield* transfer(lines, find, { operation: "ImageCreate", reference: formatFamiliar(target) });
  } catch (error) {
    throw asAccessDenied(error);
  }
}

/** The last line: `Status: Downloaded newer image for …` or `Status: Image is up to date for …`. */
function isDone(status: string | undefined, isPodman: boolean): boolean {
  // Podman has no such line: it ends with this one, which it also sends of parts, or with an error.
  if (isPodman) return status === "Download complete";
  return status?.startsWith("Status: ") === true;
}
