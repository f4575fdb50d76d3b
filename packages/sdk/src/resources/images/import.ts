import type { CredentialSource } from "../../auth/credential-source.ts";
import type { CreateImageInfo } from "../../generated/models.ts";
import { Operation } from "../../operation.ts";
import type { TransferEvent } from "../../progress/event.ts";
import type { Caller, RequestBytes } from "../../transport/call.ts";
import { bytes, isRecord, texts, type Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { objectOf, optionsOf } from "../../values/options.ts";
import { toPlatformText } from "../../values/platform.ts";
import { familiarName } from "../../values/reference.ts";
import { Image } from "./image.ts";
import { parseTarget } from "./target.ts";
import { transfer } from "./transfer.ts";

/** What an import tells while it works. */
export type ImportEvent = TransferEvent;

/** A tar of a file system, or a URL that the engine fetches one from. */
export type ImportSource = Exclude<RequestBytes, string> | { readonly url: string };

const sourceBytes = bytes("source", 'createReadStream("root.tar") or { url: "https://…" }');
const sourceUrl = objectOf<{ readonly url: string }>(
  "source",
  '{ url: "https://…" }',
  { url: "text" },
  "url",
);

/** Takes an {@link ImportSource}. */
export const importSource: Check = (value, of) => {
  // A stream may have a `url` of its own, e.g. an HTTP answer.
  const isUrl = isRecord(value) && "url" in value && !(Symbol.asyncIterator in value);
  if (isUrl) sourceUrl(value, of);
  else sourceBytes(value, of);
};

/** What the imported image is like. */
export interface ImportOptions extends CallOptions {
  /** Name of the new image, e.g. `base:1`. Default: it has only its id. */
  readonly reference?: string | undefined;
  /** For the image's history. Default: the engine's, where it came from. */
  readonly message?: string | undefined;
  /** Dockerfile instructions to apply, e.g. `CMD ["sh"]`. */
  readonly changes?: readonly string[] | undefined;
  /** What the files are for, e.g. `linux/arm64`. Default: the engine's own. */
  readonly platform?: string | undefined;
}

/** Takes {@link ImportOptions}. */
export const importOptions: Check = optionsOf<ImportOptions>('{ reference: "base:1" }', {
  reference: "text",
  message: "text",
  changes: texts("changes", '["CMD [\\"sh\\"]"]'),
  platform: "text",
});

export function importImage(
  caller: Caller,
  credentials: CredentialSource,
  source: ImportSource,
  options: ImportOptions = {},
): Operation<ImportEvent, Image> {
  const { reference, message, changes } = options;
  const target = reference === undefined ? undefined : parseTarget(reference);
  const platform = toPlatformText(options.platform);
  const url = urlOf(source);
  return new Operation(async function* (signal) {
    const lines = await caller.call("ImageCreate", {
      query: {
        fromSrc: url ?? "-",
        repo: target && familiarName(target),
        tag: target?.tag,
        message,
        changes,
        platform,
      },
      headers: {},
      body: url === undefined ? (source as RequestBytes) : undefined, // urlOf has told them apart
      signal,
    });
    const id = yield* transfer(lines, findId, { operation: "ImageCreate", reference });
    return new Image(caller, credentials, id);
  }, options.signal);
}

/** A stream may have a `url` of its own, e.g. an HTTP answer. */
function urlOf(source: ImportSource): string | undefined {
  return "url" in source && !(Symbol.asyncIterator in source) ? source.url : undefined;
}

/** The last line is the id and nothing else. */
function findId({ status = "" }: CreateImageInfo): string | undefined {
  return /^sha256:[0-9a-f]{64}$/.test(status) ? status : undefined;
}
