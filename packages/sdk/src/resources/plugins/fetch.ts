import { asAccessDenied } from "../../auth/access-denied.ts";
import type { CredentialSource } from "../../auth/credential-source.ts";
import type { CreateImageInfo, PluginPrivilege } from "../../generated/models.ts";
import type { Work } from "../../work.ts";
import type { TransferEvent } from "../../progress/event.ts";
import type { JsonLines } from "../../streams/json-lines.ts";
import type { Caller } from "../../transport/call.ts";
import { transfer } from "../images/transfer.ts";
import { locate, privileges, type PluginGrantOptions } from "./privileges.ts";

/** What an install or upgrade tells while it works. */
export type PluginEvent = TransferEvent;

/** What both operations send. */
export interface PluginFetch {
  readonly remote: string;
  readonly headers: { readonly "X-Registry-Auth": string };
  readonly body: readonly PluginPrivilege[];
}

/** Fetches a plugin with the privileges granted; returns its digest. */
export async function* fetchPlugin(
  caller: Caller,
  credentials: CredentialSource,
  operation: "PluginPull" | "PluginUpgrade",
  reference: string,
  { grant = [], ...options }: PluginGrantOptions,
  send: (request: PluginFetch) => Promise<JsonLines<CreateImageInfo>>,
): Work<PluginEvent, string> {
  try {
    const located = await locate(credentials, reference, options);
    const body = grant === "all" ? await privileges(caller, credentials, reference, options) : grant;
    return yield* transfer(await send({ ...located, body }), findDigest, { operation, reference });
  } catch (error) {
    throw asAccessDenied(error);
  }
}

function findDigest({ status = "" }: CreateImageInfo): string | undefined {
  return /^Digest: (\S+)$/.exec(status)?.[1];
}
