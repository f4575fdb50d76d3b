/** Which variables hold secrets, judged by their names, and which of their values give none away. */
import { isPlaceholder } from "./secret-shapes.ts";

/** Words that make a name one of a secret, wherever they stand in it. */
const SECRET_WORDS = words(
  "password passwd passphrase pword secret secrets token apikey credential credentials privatekey key auth",
);
/** Endings of words that people write without a `_`: PGPASSWORD, accesstoken. */
const GLUED = /.(?:password|passwd|passphrase|secret|apikey|accesskey|secretkey|privatekey|authtoken|token)$/;
/** Words that make it public, a checksum, or a pointer to where the secret is. */
const OPEN_WORDS = words(
  "public pub publishable anon file files filename version sha sha1 sha256 sha384 sha512 md5 checksum digest fingerprint",
);
/** Last words of what is about a secret and is none: TOKEN_TTL, AUTH_MODE, SECRET_NAME. */
const ABOUT = words(
  "path paths dir directory folder location name names url uri urls endpoint host hostname domain port user username email" +
    " issuer audience scope scopes ttl expiry expires expiration expire lifetime age timeout interval length len size bits min" +
    " max count limit algorithm algo alg cipher type kind mode method methods header headers prefix suffix format policy" +
    " enabled disabled enable disable required optional mount arn provider manager service scheme backend driver plugin" +
    " strategy flow grant claim claims cookie address addr contract symbol env var db database schema table bucket source target" +
    " class role roles group groups realm tenant check handler middleware route module hint fingerprint rotation sock socket id ids server region store cache layout column index field map",
);
/** Words before KEY that make it a name for something to look up, or a public key that signs packages. */
const LOOKUP_KEYS = words(
  "cache sort primary foreign partition index lookup shortcut hot gpg pgp apt yum repo rpm idempotency routing group" +
    " shard object host bucket locale message release archive",
);

/** A part of every word above that makes a name one of a secret. */
export const ANY_SECRET_NAME: RegExp = /pass|pwd|pword|secret|token|key|credential|auth/i;

/** Whether a text may hold the name of a secret. Quick. */
export function mayNameSecrets(text: string): boolean {
  return ANY_SECRET_NAME.test(text);
}

/** Whether a variable of that name holds something that is to be kept secret. */
export function isSecretName(name: string): boolean {
  if (!mayNameSecrets(name)) return false;
  const parts = name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((part) => part !== "");
  const last = parts.at(-1);
  if (last === undefined || parts.some((part) => OPEN_WORDS.has(part))) return false;
  if (ABOUT.has(last)) return last === "id" && /access_?key_?id$/i.test(name);
  if ((last === "pass" || last === "pwd") && parts.length > 1) return parts[0] !== "old";
  if (parts.some((part) => GLUED.test(part))) return true;
  const found = parts.filter((part) => SECRET_WORDS.has(part));
  if (found.length === 0) return false;
  const onlyKey = found.every((part) => part === "key");
  return !onlyKey || !parts.some((part) => LOOKUP_KEYS.has(part));
}

/** Whether what is set is a choice, a number, a path or the like: no secret, whatever the name says. */
export function isSetting(value: string, name: string): boolean {
  const text = value.trim();
  if (/^\d+(?:\.\d+)?(?:ms|[smhd])?$/.test(text)) return !/pass|pwd|pin/i.test(name);
  return (
    CHOICE.test(text) ||
    /^(?:\.{0,2}\/|~\/|[A-Za-z]:[\\/])/.test(text) ||
    (/^[a-z][a-z\d+.-]*:\/\//i.test(text) && !/\/\/[^/@\s]*:[^/@\s]*@/.test(text))
  );
}

/** Whether a value that is fixed in the file gives no secret away: none is set, or one that stands for it. */
export function isOpenValue(value: string, name: string): boolean {
  return value.trim() === "" || isSetting(value, name) || isPlaceholder(value);
}

const CHOICE =
  /^(?:true|false|yes|no|on|off|none|null|nil|undefined|unset|enabled?|disabled?|optional|required|auto|default|basic|bearer|digest|oauth2?|jwt|scram[\w-]*|md5|plain|trust|peer|ldap|sso|oidc|saml|any|all|ssh)$/i;

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}
