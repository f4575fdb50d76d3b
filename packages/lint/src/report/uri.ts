/** Paths as URIs (RFC 3986). */

/** A lone half of a surrogate pair: it has no UTF-8, and so no percent-encoding. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** A relative reference for a relative path, a `file:` URI for an absolute one. Paths have `/` between their parts. */
export function uriOf(path: string): string {
  const parts = path.replace(LONE_SURROGATE, "\ufffd").split("/");
  if (/^[A-Za-z]:$/.test(parts[0] ?? "")) return `file:///${parts[0]}/${encode(parts.slice(1))}`;
  // Two slashes at the start would name a host.
  if (path.startsWith("/")) return `file:///${encode(parts.filter((part) => part !== ""))}`;
  return encode(parts);
}

function encode(parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join("/");
}
