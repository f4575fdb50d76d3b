import { describe, expect, it } from "vitest";
import { isPlaceholder, looksRandom, mayHoldSecrets, secretsIn } from "./secret-shapes.ts";

// Put together here, so that nobody who searches the sources for tokens finds one.
const LETTERS = "k8sJd72hGf5Ds9aLqPzXcVbNmR4tYw1eU6iO";

function found(text: string): string[] {
  expect(mayHoldSecrets(text) || secretsIn(text).length === 0).toBe(true);
  return secretsIn(text).map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);
}

describe("shapes of secrets", () => {
  it.each(["Server=db;PASSWORD=Vw8ktR2mq", "Server=db;   Pwd=Vw8ktR2mq", "Server=db;pwd =Vw8ktR2mq"])(
    "%s: a password in a connection string",
    (text) => {
      expect(found(text)).toEqual(["a password in a connection string: Vw8ktR2mq"]);
    },
  );

  it.each([
    ["a GitHub token", `ghp_${LETTERS}`],
    ["a GitHub token", `github_pat_${LETTERS}`],
    ["a GitLab token", `glpat-${LETTERS.slice(0, 20)}`],
    ["an npm token", `npm_${LETTERS}`],
    ["a Slack token", `xoxb-${LETTERS}`],
    ["a Stripe key", `sk_live_${LETTERS.slice(0, 24)}`],
    ["a Docker Hub token", `dckr_pat_${LETTERS}`],
    ["a Google API key", `AIza${LETTERS.slice(0, 35)}`],
    ["an AWS access key", `AKIA${LETTERS.toUpperCase().slice(0, 16)}`],
    ["a JSON Web Token", `eyJ${LETTERS}.eyJ${LETTERS}.${LETTERS}`],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----"],
    ["a private key", "-----BEGIN PGP PRIVATE KEY BLOCK-----"],
  ])("%s", (kind, secret) => {
    expect(found(`before "${secret}" behind`)).toEqual([`${kind}: ${secret}`]);
    expect(found(`X=${secret}`)).toEqual([`${kind}: ${secret}`]);
  });

  it("finds passwords in addresses and connection strings", () => {
    expect(found("git clone https://ci:Vw8-ktR2@git.example.org/a.git")).toEqual([
      "a password in an address: Vw8-ktR2",
    ]);
    expect(found('DB="Server=db;User=sa;Password=Vw8-ktR2;"')).toEqual([
      "a password in a connection string: Vw8-ktR2",
    ]);
  });

  it.each([
    `ghp_${"x".repeat(36)}`,
    "AKIAIOSFODNN7EXAMPLE",
    "https://user:${PASSWORD}@example.org/",
    "https://$USER:$TOKEN@example.org/",
    "postgres://postgres:postgres@localhost/db",
    "postgres://user:<password>@db/x",
    `NEXT_PUBLIC_KEY=eyJ${LETTERS}.eyJ${LETTERS}.${LETTERS}`,
    `grep -q "-----BEGIN RSA PRIVATE KEY-----" /key`,
    '"-----BEGIN RSA PRIVATE KEY-----\\n$KEY"',
    `xghp_${LETTERS}`,
    `sha256:${"0123456789abcdef".repeat(4)}`,
  ])("leaves %s alone", (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("what stands for a secret", () => {
  it.each(["<your token>", "changeme", "REPLACE_ME", "xxxx", "****", "dummy", "TODO", "aaaaaaaaaa"])(
    "%s",
    (text) => {
      expect(isPlaceholder(text)).toBe(true);
    },
  );
});

it("tells the random from words and numbers", () => {
  expect(["pR7xk2mQw9z", LETTERS, "9f86d081884c7d65"].map(looksRandom)).toEqual([true, true, true]);
  expect(
    ["password", "postgres", "12345678901", "a1a1a1a1a1a1", "$TOKEN", "pk_live_1234abcd5678"].map(
      looksRandom,
    ),
  ).toEqual([false, false, false, false, false, false]);
});
