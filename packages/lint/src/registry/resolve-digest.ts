/** From a tag to a digest, by the HTTP API of registries (OCI distribution spec 1.1, pull). */
import { createHash } from "node:crypto";
import type { ImageReference } from "../semantics/images/image-reference.ts";
import { parseChallenge, type Challenge } from "./challenge.ts";
import { isLoopback, RegistryError, request, type Answer, type RequestOptions } from "./request.ts";

/** Credentials as `docker login` keeps them. */
export interface RegistryCredentials {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly identitytoken?: string | undefined;
}

/** How to ask. */
export interface ResolveOptions {
  /** The credentials for a registry; undefined to go without. */
  readonly credentials: (registry: string) => Promise<RegistryCredentials | undefined>;
  /** When to give up, in milliseconds since the epoch. */
  readonly deadline: number;
}

const DOCKER_HUB = "docker.io";
/** Indexes first: their digest holds for every platform. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** The digest that a tag has now; no tag means `latest`. Throws a {@link RegistryError}. */
export async function resolveDigest(reference: ImageReference, options: ResolveOptions): Promise<string> {
  const { registry, repository, tag = "latest" } = reference;
  const host = registry === DOCKER_HUB ? "registry-1.docker.io" : registry;
  if (!URL.canParse(`https://${host}/v2/`)) throw new RegistryError(`${registry} is no address.`);
  const base = new URL(`https://${host}/v2/`);
  if (isLoopback(base.hostname)) base.protocol = "http:";
  const url = new URL(`${repository}/manifests/${tag}`, base);
  const asking = { headers: { accept: MANIFESTS }, deadline: options.deadline };
  let answer = await request(url, { ...asking, authorization: undefined });
  if (answer.status === 401) {
    const challenge = parseChallenge(answer.headers.get("www-authenticate"));
    if (challenge === undefined)
      throw new RegistryError(`${registry} wants a login of a kind that is not known.`);
    const credentials = await options.credentials(registry);
    const authorization = await answerTo(challenge, credentials, repository, options);
    answer = await request(url, { ...asking, authorization });
  }
  return digestOf(answer, reference);
}

function digestOf({ status, headers, body }: Answer, { registry, text }: ImageReference): string {
  if (status === 404) throw new RegistryError(`${registry} has no ${text}.`);
  if (status === 401 || status === 403)
    throw new RegistryError(`${registry} does not let you read it; see docker login.`);
  if (status === 429) throw new RegistryError(`${registry} wants fewer questions (429); ask again later.`);
  if (status !== 200) throw new RegistryError(`${registry} answers with status ${status}.`);
  if (!isManifest(body)) throw new RegistryError(`${registry} sends something that is no manifest.`);
  const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  const told = headers.get("docker-content-digest");
  if (told !== null && told.startsWith("sha256:") && told !== digest) {
    throw new RegistryError(
      `${registry} sends what does not have the digest it tells (${told}, not ${digest}).`,
    );
  }
  return digest;
}

function isManifest(body: Uint8Array): boolean {
  try {
    const manifest = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as unknown;
    return typeof manifest === "object" && manifest !== null && "schemaVersion" in manifest;
  } catch {
    return false;
  }
}

async function answerTo(
  challenge: Challenge,
  credentials: RegistryCredentials | undefined,
  repository: string,
  options: ResolveOptions,
): Promise<string | undefined> {
  const basic = basicOf(credentials);
  if (challenge.scheme === "basic") return basic;
  const { realm, service, scope = `repository:${repository}:pull` } = challenge;
  let url: URL;
  try {
    url = new URL(realm);
  } catch {
    throw new RegistryError(`${JSON.stringify(realm)} is no address to log in at.`);
  }
  const fields = new URLSearchParams({ ...(service !== undefined && { service }), scope });
  const token = credentials?.identitytoken;
  const asking: RequestOptions = {
    headers: { accept: "application/json" },
    authorization: basic,
    deadline: options.deadline,
  };
  const answer = await (token === undefined || token === ""
    ? request(withQuery(url, fields), asking)
    : request(url, { ...asking, authorization: undefined, form: refreshForm(fields, token) }));
  if (answer.status !== 200) {
    throw new RegistryError(`${url.host} gives no token for it (status ${answer.status}); see docker login.`);
  }
  return `Bearer ${tokenIn(answer.body, url.host)}`;
}

function basicOf(credentials: RegistryCredentials | undefined): string | undefined {
  const { username, password } = credentials ?? {};
  if (username === undefined || password === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function withQuery(url: URL, fields: URLSearchParams): URL {
  const full = new URL(url);
  for (const [name, value] of fields) full.searchParams.append(name, value);
  return full;
}

function refreshForm(fields: URLSearchParams, token: string): URLSearchParams {
  const form = new URLSearchParams(fields);
  form.set("grant_type", "refresh_token");
  form.set("refresh_token", token);
  form.set("client_id", "dflint");
  return form;
}

function tokenIn(body: Uint8Array, host: string): string {
  try {
    const { token, access_token: other } = JSON.parse(Buffer.from(body).toString("utf8")) as {
      readonly token?: unknown;
      readonly access_token?: unknown;
    };
    const found = token ?? other;
    if (typeof found === "string" && found !== "") return found;
  } catch {
    // told below
  }
  throw new RegistryError(`${host} sends something that is no token.`);
}
