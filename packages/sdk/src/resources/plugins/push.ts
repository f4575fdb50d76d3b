import { asAccessDenied } from "../../auth/access-denied.ts";
import type { CredentialSource } from "../../auth/credential-source.ts";
import { Operation } from "../../operation.ts";
import type { TransferEvent } from "../../progress/event.ts";
import type { Caller } from "../../transport/call.ts";
import { findPushed, type PushResult } from "../images/push.ts";
import { transfer } from "../images/transfer.ts";
import { locate, type PluginAuthOptions } from "./privileges.ts";

/** @throws TypeError when `name` is malformed. */
export function push(
  caller: Caller,
  credentials: CredentialSource,
  name: string,
  options: PluginAuthOptions = {},
): Operation<TransferEvent, PushResult> {
  return new Operation(async function* (signal) {
    try {
      const { remote, headers } = await locate(credentials, name, { ...options, signal });
      const lines = await caller.call("PluginPush", { path: { name: remote }, headers, signal });
      const found = yield* transfer(lines, findPushed, { operation: "PluginPush", reference: remote });
      return { reference: remote, ...found };
    } catch (error) {
      throw asAccessDenied(error);
    }
  }, options.signal);
}
