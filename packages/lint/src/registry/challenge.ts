/** What a registry wants to see, from `WWW-Authenticate` (RFC 9110, and the distribution project's token scheme). */
export type Challenge =
  | { readonly scheme: "basic" }
  | {
      readonly scheme: "bearer";
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    };

/** The first challenge that can be answered; undefined where there is none. */
export function parseChallenge(header: string | null): Challenge | undefined {
  if (header === null) return undefined;
  const bearer = /\bBearer\s+(.*)$/i.exec(header)?.[1];
  if (bearer !== undefined) {
    const parameters = new Map<string, string>();
    for (const [, name = "", quoted, bare] of bearer.matchAll(/([a-z]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/gi)) {
      parameters.set(name.toLowerCase(), quoted ?? bare ?? "");
    }
    const realm = parameters.get("realm");
    if (realm !== undefined) {
      return { scheme: "bearer", realm, service: parameters.get("service"), scope: parameters.get("scope") };
    }
  }
  return /\bBasic\b/i.test(header) ? { scheme: "basic" } : undefined;
}
