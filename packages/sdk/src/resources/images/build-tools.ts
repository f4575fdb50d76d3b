import type { CredentialSource } from "../../auth/credential-source.ts";
import type { Environment } from "../../connection/config-folder.ts";
import type { Caller } from "../../transport/call.ts";

/** What a build is made with. */
export interface BuildTools {
  readonly caller: Caller;
  readonly credentials: CredentialSource;
  readonly env: Environment;
}
