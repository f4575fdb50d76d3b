/** Files in which programs keep their credentials, judged by where they are. */
import { unwantedFile } from "../paths/unwanted-files.ts";

/** Files that hold nothing but credentials, by the end of their path. */
const ALWAYS = new RegExp(
  `(?:^|/)(?:${[
    /[._]netrc$/,
    /\.(?:git-credentials|pypirc|pgpass|my\.cnf|dockercfg|dockerconfigjson|vault-token|boto|s3cfg)$/,
    /\.ssh\/(?!known_hosts$|authorized_keys$|config$)[^/]*$/,
    /id_(?:rsa|dsa|ecdsa|ed25519)$/,
    /\.docker\/config\.json$/,
    /\.aws\/credentials$/,
    /\.kube\/config$/,
    /\.gem\/credentials$/,
    /\.composer\/auth\.json$/,
    /(?:application_default_)?credentials\.json$/,
    /\.env(?:\.local)?$/,
  ]
    .map(({ source }) => source)
    .join("|")})`,
);
/** Settings that often hold a token, and are as often without one. */
const SOMETIMES =
  /(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.yml)?|pip\.(?:conf|ini)|\.pip\/pip\.conf|\.m2\/settings\.xml|settings\.xml|gradle\.properties|nuget\.config|auth\.json|\.gitconfig|\.cargo\/credentials(?:\.toml)?|\.bundle\/config|\.curlrc|\.wgetrc|\.env[\w.-]*)$/i;

/** Finds a part of each name above, and of those of {@link unwantedFile}, that no name of a secret has. */
export const ANY_CREDENTIAL_FILE: RegExp =
  /\.\w+rc\b|netrc|config(?:\b|json)|c(?:nf|fg)\b|pip\.|boto\b|\.(?:ssh|aws|kube|azure|gcloud|gnupg|env|xml|p12|pfx|jks|kdbx|ppk|pem)\b|\bid_|properties|tfstate|account/i;

/** Whether a file holds credentials: `always` by its name, `sometimes` if what is written to it tells. */
export function credentialFile(path: string): "always" | "sometimes" | undefined {
  if (/\.pub$|[._-](?:example|sample|template|dist)$/.test(path)) return undefined;
  if (ALWAYS.test(path)) return "always";
  if (SOMETIMES.test(path)) return "sometimes";
  return unwantedFile(path, false) === "secret" ? "always" : undefined;
}
