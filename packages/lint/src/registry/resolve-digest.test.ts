/** Faults of registries, played by nock; a real registry is in test/engine. */
import { createHash } from "node:crypto";
import nock from "nock";
import { afterEach, describe, expect, it } from "vitest";
import { parseImageReference } from "../semantics/images/image-reference.ts";
import { parseChallenge } from "./challenge.ts";
import { resolveDigest, type RegistryCredentials } from "./resolve-digest.ts";

const MANIFEST = JSON.stringify({ schemaVersion: 2, manifests: [] });
const DIGEST = `sha256:${createHash("sha256").update(MANIFEST).digest("hex")}`;
const HUB = "https://registry-1.docker.io";
const PATH = "/v2/library/alpine/manifests/3.20";
const BEARER =
  'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/alpine:pull"';

afterEach(() => {
  const left = nock.pendingMocks();
  nock.cleanAll();
  if (left.length > 0) throw new Error(`not asked: ${left.join(", ")}`);
});

function resolve(
  text = "alpine:3.20",
  { credentials, left = 5000 }: { credentials?: RegistryCredentials; left?: number } = {},
): Promise<string> {
  const reference = parseImageReference(text);
  if (reference === undefined) throw new Error(`${text} is no reference`);
  return resolveDigest(reference, {
    credentials: () => Promise.resolve(credentials),
    deadline: Date.now() + left,
  });
}

const withDigest = { "docker-content-digest": DIGEST };

describe("a digest", () => {
  it("is that of the manifest, asked for as index first", async () => {
    nock(HUB)
      .get(PATH)
      .matchHeader("accept", /^application\/vnd\.oci\.image\.index/)
      .reply(200, MANIFEST, withDigest);
    expect(await resolve()).toBe(DIGEST);
    nock(HUB).get("/v2/library/alpine/manifests/latest").reply(200, MANIFEST);
    expect(await resolve("alpine")).toBe(DIGEST);
    nock("https://ghcr.io").get("/v2/org/app/manifests/1").reply(200, MANIFEST, withDigest);
    expect(await resolve("ghcr.io/org/app:1")).toBe(DIGEST);
    nock("http://127.0.0.1:5000").get("/v2/app/manifests/1").reply(200, MANIFEST, withDigest);
    expect(await resolve("127.0.0.1:5000/app:1")).toBe(DIGEST);
  });

  it("needs a token where the registry says so, with the login where there is one", async () => {
    const login = { username: "ada", password: "s3cret" };
    for (const credentials of [undefined, login]) {
      nock(HUB).get(PATH).reply(401, "", { "www-authenticate": BEARER });
      const token = nock("https://auth.docker.io")
        .get("/token")
        .query({ service: "registry.docker.io", scope: "repository:library/alpine:pull" });
      if (credentials !== undefined) token.basicAuth({ user: "ada", pass: "s3cret" });
      token.reply(200, { token: "t0ken" });
      nock(HUB).get(PATH).matchHeader("authorization", "Bearer t0ken").reply(200, MANIFEST, withDigest);
      expect(await resolve("alpine:3.20", credentials && { credentials })).toBe(DIGEST);
    }
  });

  it("is bought with an identity token, or with a plain login", async () => {
    nock(HUB).get(PATH).reply(401, "", { "www-authenticate": BEARER });
    nock("https://auth.docker.io")
      .post("/token", {
        grant_type: "refresh_token",
        refresh_token: "id",
        client_id: "dflint",
        service: "registry.docker.io",
        scope: "repository:library/alpine:pull",
      })
      .reply(200, { access_token: "t0ken" });
    nock(HUB).get(PATH).matchHeader("authorization", "Bearer t0ken").reply(200, MANIFEST);
    expect(await resolve("alpine:3.20", { credentials: { identitytoken: "id" } })).toBe(DIGEST);

    nock(HUB).get(PATH).reply(401, "", { "www-authenticate": 'Basic realm="r"' });
    nock(HUB).get(PATH).basicAuth({ user: "ada", pass: "s3cret" }).reply(200, MANIFEST);
    expect(await resolve("alpine:3.20", { credentials: { username: "ada", password: "s3cret" } })).toBe(
      DIGEST,
    );
  });

  it("comes over redirects, which do not take the token to other hosts", async () => {
    nock(HUB).get(PATH).reply(401, "", { "www-authenticate": BEARER });
    nock("https://auth.docker.io").get("/token").query(true).reply(200, { token: "t0ken" });
    nock(HUB).get(PATH).reply(307, "", { location: "https://cdn.example.org/blob" });
    nock("https://cdn.example.org", { badheaders: ["authorization"] })
      .get("/blob")
      .reply(200, MANIFEST);
    expect(await resolve()).toBe(DIGEST);
  });

  it("comes after a while where the registry is busy", async () => {
    nock(HUB).get(PATH).reply(429, "", { "retry-after": "0" });
    nock(HUB).get(PATH).reply(503, "<html>busy</html>");
    nock(HUB).get(PATH).reply(200, MANIFEST);
    expect(await resolve()).toBe(DIGEST);
  });
});

describe("no digest, but the reason,", () => {
  it.each([
    [404, "{}", {}, "docker.io has no alpine:3.20."],
    [403, "", {}, "does not let you read it"],
    [418, "", {}, "answers with status 418"],
    [200, "<html>captive portal</html>", {}, "sends something that is no manifest"],
    [200, '"text"', {}, "sends something that is no manifest"],
    [
      200,
      MANIFEST,
      { "docker-content-digest": `sha256:${"0".repeat(64)}` },
      "does not have the digest it tells",
    ],
    [200, `${MANIFEST}${" ".repeat(5 * 2 ** 20)}`, {}, "more than 4 MiB"],
    [302, "", { location: "http://registry-1.docker.io/x" }, "in plain text"],
    [302, "", { location: "http://[" }, "which is no address"],
    [401, "", {}, "a login of a kind that is not known"],
    [401, "", { "www-authenticate": 'Bearer realm="not an address"' }, "is no address to log in at"],
    [401, "", { "www-authenticate": 'Bearer realm="http://evil.example.org/t"' }, "in plain text"],
  ])("for status %i and %j with %j", async (status, body, headers, message) => {
    nock(HUB).get(PATH).reply(status, body, headers);
    await expect(resolve()).rejects.toThrow(message);
  });

  it.each([
    [401, "", "gives no token for it (status 401)"],
    [200, "<html>", "no token"],
    [200, "{}", "no token"],
  ])("for a token server that answers %i and %j", async (status, body, message) => {
    nock(HUB).get(PATH).reply(401, "", { "www-authenticate": BEARER });
    nock("https://auth.docker.io").get("/token").query(true).reply(status, body);
    await expect(resolve()).rejects.toThrow(message);
  });

  it("for one with a port that there is not", async () => {
    await expect(resolve("localhost:99999/app:1")).rejects.toThrow("localhost:99999 is no address.");
  });

  it("for one that never stops being busy, leads in circles, is slow or is not there", async () => {
    nock(HUB).get(PATH).times(3).reply(429, "", { "retry-after": "0" });
    await expect(resolve()).rejects.toThrow("fewer questions (429)");
    nock(HUB).get(PATH).reply(429, "", { "retry-after": "3600" });
    await expect(resolve()).rejects.toThrow("fewer questions (429)");
    nock(HUB).get(PATH).times(6).reply(302, "", { location: PATH });
    await expect(resolve()).rejects.toThrow("leads on and on");
    nock(HUB).get(PATH).delay(2000).reply(200, MANIFEST);
    await expect(resolve("alpine:3.20", { left: 50 })).rejects.toThrow("did not answer in time");
    nock(HUB).get(PATH).replyWithError("getaddrinfo ENOTFOUND");
    await expect(resolve()).rejects.toThrow("cannot be reached: getaddrinfo ENOTFOUND");
    nock.abortPendingRequests();
  });
});

describe("parseChallenge", () => {
  it.each([
    [null, undefined],
    ["Negotiate", undefined],
    ["Bearer", undefined],
    ["basic realm=x", { scheme: "basic" }],
    [
      'Bearer realm="https://a/t"',
      { scheme: "bearer", realm: "https://a/t", service: undefined, scope: undefined },
    ],
    [
      'Basic realm="x", Bearer realm="https://a/t", service=s, scope="repository:a/b:pull,push"',
      { scheme: "bearer", realm: "https://a/t", service: "s", scope: "repository:a/b:pull,push" },
    ],
  ])("reads %j", (header, expected) => expect(parseChallenge(header)).toEqual(expected));
});
