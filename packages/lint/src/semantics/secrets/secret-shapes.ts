/** Secrets that are known by their shape alone: the tokens of services, private keys, addresses with a password. */

/** A secret in a text. */
export interface SecretShape {
  /** What it is, for messages: `AWS access key`. */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

interface Shape {
  readonly kind: string;
  /** With the flag `g`; a group named `secret` is the secret, where that is not the whole. */
  readonly pattern: RegExp;
}

/** A pattern that begins and ends where no letter or digit goes on. */
function token(kind: string, body: string): Shape {
  return { kind, pattern: new RegExp(`(?<![A-Za-z0-9_])(?:${bounded(body)})(?![A-Za-z0-9_])`, "g") };
}

/** No token is endless, and a search that could be would take too long. */
function bounded(body: string): string {
  return body.replace(/\{(\d+),\}/g, "{$1,4096}");
}

const SHAPES: readonly Shape[] = [
  token("an AWS access key", "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}"),
  token("a GitHub token", "gh[opsur]_[A-Za-z0-9]{36,251}|github_pat_[A-Za-z0-9_]{22,255}"),
  token("a GitLab token", "gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[A-Za-z0-9_.-]{20,}"),
  token("a Slack token", "xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-\\d-[A-Za-z0-9-]{20,}"),
  token(
    "a Slack webhook",
    "https://hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9/+_-]{20,}",
  ),
  token("a Discord webhook", "https://(?:\\w+\\.)?discord(?:app)?\\.com/api/webhooks/\\d+/[\\w-]{40,}"),
  token("a Stripe key", "[sr]k_(?:live|test)_[A-Za-z0-9]{16,}"),
  token("a Google API key", "AIza[A-Za-z0-9_-]{35}"),
  token("a Google client secret", "GOCSPX-[A-Za-z0-9_-]{28}"),
  token("an npm token", "npm_[A-Za-z0-9]{36}"),
  token("a PyPI token", "pypi-AgEI[A-Za-z0-9_-]{50,}"),
  token("a RubyGems key", "rubygems_[a-f0-9]{48}"),
  token("a Docker Hub token", "dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
  token("a SendGrid key", "SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{16,64}"),
  token("a Mailgun key", "key-[a-f0-9]{32}"),
  token("a Twilio key", "SK[a-f0-9]{32}"),
  token(
    "an OpenAI key",
    "sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}|sk-(?:proj|svcacct)-[A-Za-z0-9_-]{40,}|sk-[A-Za-z0-9]{48}",
  ),
  token("an Anthropic key", "sk-ant-[A-Za-z0-9_-]{20,}"),
  token("a Hugging Face token", "hf_[A-Za-z0-9]{30,}"),
  token("a DigitalOcean token", "do[opr]_v1_[a-f0-9]{64}"),
  token("a Databricks token", "dapi[a-f0-9]{32}(?:-\\d)?"),
  token("a Vault token", "hv[sbr]\\.[A-Za-z0-9_-]{24,}"),
  token("a Terraform Cloud token", "[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_-]{60,}"),
  token("a Shopify token", "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
  token("a Square token", "sq0(?:atp|csp)-[A-Za-z0-9_-]{22,}"),
  token("a Telegram bot token", "\\d{8,10}:AA[A-Za-z0-9_-]{33}"),
  token("a Grafana token", "gl(?:sa|c)_[A-Za-z0-9+/_=-]{32,}"),
  token("a Sentry token", "sntry[su]_[A-Za-z0-9+/_=-]{40,}"),
  token("an Atlassian token", "ATATT3[A-Za-z0-9_=-]{80,}"),
  token("a New Relic key", "NRAK-[A-Z0-9]{27}"),
  token("a Linear key", "lin_api_[A-Za-z0-9]{32,}"),
  token("a Postman key", "PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
  token("an age key", "AGE-SECRET-KEY-1[A-Z0-9]{58}"),
  { kind: "an Azure storage key", pattern: /AccountKey=(?<secret>[A-Za-z0-9+/]{80,}={0,2})/dg },
  token("a JSON Web Token", "eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}"),
  {
    kind: "a private key",
    // Not where the key itself comes from a variable.
    pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?!(?:\\[nr]|\s|["'])*\$)/g,
  },
  {
    kind: "a password in a connection string",
    pattern: /;\s{0,3}(?:password|pwd)\s?=\s?(?<secret>[^;"'\s${}]{3,200})(?=[;"'\s]|$)/dgi,
  },
  {
    kind: "a password in an address",
    pattern:
      /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'$<>{}]{0,100}:(?<secret>[^\s/@"'$<>{}]{3,200})@(?=[\w[])/dg,
  },
];

/** What every shape begins with; most texts hold none of it. */
const ANY =
  /A(?:KIA|SIA|BIA|CCA)|gh[opsur]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-|gl(?:sa|c)_|xox[abeoprs]-|xapp-|hooks\.slack|webhooks|[sr]k_|AIza|GOCSPX|npm_|pypi-|rubygems_|dckr_|SG\.|key-|SK[a-f0-9]|sk-|hf_|do[opr]_v1|dapi|hv[sbr]\.|atlasv1|shp[acps]|sq0|:AA|sntry|ATATT3|NRAK-|lin_api_|PMAK-|AGE-SECRET|AccountKey=|eyJ|-----BEGIN|;\s{0,3}[Pp](?:[Aa][Ss]{2})?[Ww](?:[Oo][Rr])?[Dd]\s?=|:\/\/[^\s/:@]*:[^\s/@]+@/;

/** Whether it is worth while to look closer. Quick. */
export function mayHoldSecrets(text: string): boolean {
  return ANY.test(text);
}

const NEXT = new RegExp(ANY, "g");

/** Where from an offset on something begins that it is worth while to look at; -1 if nothing does. */
export function nextSuspect(text: string, from: number): number {
  NEXT.lastIndex = from;
  return NEXT.exec(text)?.index ?? -1;
}

/** Nobody reads on after so many findings in one place. */
const ENOUGH = 200;

/** The secrets in a text; those that obviously stand for one are left out. */
export function secretsIn(text: string): SecretShape[] {
  const found: SecretShape[] = [];
  for (const { kind, pattern } of SHAPES) {
    for (const match of text.matchAll(pattern)) {
      if (found.length >= ENOUGH) break;
      const [start, end] = match.indices?.groups?.["secret"] ?? [match.index, match.index + match[0].length];
      const before = text.slice(Math.max(0, start - 120), start);
      if (isPlaceholder(text.slice(start, end)) || isPublicName(before) || isSearched(before)) continue;
      if (pattern.flags.includes("d") && isCommonPassword(text.slice(start, end))) continue;
      if (found.some((other) => start < other.end && other.start < end)) continue;
      found.push({ kind, start, end });
    }
  }
  return found.sort((left, right) => left.start - right.start);
}

/** Whether a value stands for a secret instead of being one: `<token>`, `changeme`, `xxxx`, the examples of manuals. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (/^<.*>$|^\[.*\]$|^\{\{.*\}\}$|^%\w+%$|^__\w+__$|^@\w+@$/.test(text)) return true;
  if (
    PLACEHOLDER.test(text) ||
    /(?<sign>[xX*.#0-])\k<sign>{3,}/.test(text.replace(/-----(?:BEGIN|END)[^-]*-----/g, ""))
  )
    return true;
  const body = text.replace(/^[A-Za-z]{2,6}[_-]/, "");
  return body.length >= 8 && new Set(body).size <= 3;
}

const PLACEHOLDER =
  /example|sample|dummy|fake|placeholder|change[-_ ]?(?:me|it|this)|replace|your[-_ ]|redacted|not[-_ ]?(?:a[-_ ]?)?(?:real|secret|set|used)|insert|put[-_ ]|to[-_ ]?be[-_ ]|build[-_]?time|^(?:todo|tbd|fixme|foo|bar|baz|foobar|unused|ignored?|n\/?a|x+|stub|mock(?:ed)?)$/i;

/** Passwords of databases on the machine of a developer. */
function isCommonPassword(text: string): boolean {
  return /^(?:pass(?:word|wd)?|pwd|secret|postgres|root|admin|user|test|mysql|guest|redis|mongo|hunter2?)$/i.test(
    text,
  );
}

/** Whether the name that a value is given to says that it is public. */
function isPublicName(before: string): boolean {
  return /(?:public|anon|publishable)[a-z0-9_]*["']?\s*[=:]\s*["']?$/i.test(before);
}

/** Whether the text is what a command looks for. */
function isSearched(before: string): boolean {
  return /\b(?:grep|sed|awk|rg)\b[^;&|\n]*$/.test(before);
}

/** Whether a value looks as if a machine or a careful person made it up. Only to be asked beside a telling name. */
export function looksRandom(value: string): boolean {
  if (value.length < 10 || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  // What begins with pk is the public half of a pair, as services mark it.
  if (/[\s$<>{}]|^pk[-_.]/.test(value) || /^sha\d+[:-]/i.test(value)) return false;
  return !isPlaceholder(value) && entropy(value) >= 3;
}

/** Shannon's entropy in bits for each character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
