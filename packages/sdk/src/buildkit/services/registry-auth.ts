import { registryOfKey } from "../../auth/registry-auth.ts";
import { Auth } from "../../generated/buildkit/filesync_pb.ts";
import type { AuthConfig } from "../../generated/models.ts";
import { unary, type Route } from "../grpc/route.ts";

/** Credentials for whatever registry the engine turns to; nobody's where there are none. */
export function registryAuth(get: (registry: string) => Promise<AuthConfig | undefined>): Route {
  return unary(Auth.method.credentials, async ({ host }) => {
    const { username = "", password = "", identitytoken = "" } = (await get(registryOfKey(host))) ?? {};
    return identitytoken === "" ? { username, secret: password } : { username: "", secret: identitytoken };
  });
}
