import { describe, expect, it } from "vitest";
import { isOpenValue, isSecretName, isSetting } from "./secret-names.ts";

describe("names of secrets", () => {
  it.each([
    "PASSWORD",
    "DB_PASSWORD",
    "PGPASSWORD",
    "DB_PASS",
    "MYSQL_PWD",
    "NPM_TOKEN",
    "accessToken",
    "api-key",
    "APIKEY",
    "AWS_ACCESS_KEY_ID",
    "SSH_PRIVATE_KEY",
    "SECRET_KEY_BASE",
    "CREDENTIALS",
    "BASIC_AUTH",
    "Spring__Datasource__Password",
  ])("%s is one", (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    "",
    "AUTHOR",
    "TOKENS",
    "KEYBOARD",
    "COMPASS",
    "OLD_PWD",
    "PWD",
    "PUBLIC_KEY",
    "STRIPE_PUBLISHABLE_KEY",
    "DB_PASSWORD_FILE",
    "TOKEN_VERSION",
    "TOKEN_URL",
    "AUTH_MODE",
    "SECRET_NAME",
    "PASSWORD_MIN_LENGTH",
    "GPG_KEY",
    "KEY_SHA512",
    "TOKEN_CHECKSUM",
    "CACHE_KEY",
    "SIGNING_KEY_ID",
    "SSH_AUTH_SOCK",
  ])("%s is none", (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe("values", () => {
  it.each([
    ["true", "AUTH"],
    ["3600", "TOKEN"],
    ["15m", "TOKEN"],
    ["/run/secrets/token", "TOKEN"],
    ["https://id.example.org/token", "TOKEN"],
    ["basic", "AUTH"],
  ])("%s of %s is a setting", (value, name) => {
    expect(isSetting(value, name)).toBe(true);
  });

  it.each([
    ["123456", "PASSWORD"],
    ["https://user:winter@example.org/", "TOKEN"],
    ["s3cr3t", "TOKEN"],
  ])("%s of %s is none", (value, name) => {
    expect(isSetting(value, name)).toBe(false);
  });

  it.each(["", "dummy", "<token>", "changeme", "xxxxxxxx", "your-token-here"])(
    "%j gives nothing away",
    (value) => {
      expect(isOpenValue(value, "TOKEN")).toBe(true);
    },
  );

  it.each(["postgres", "admin", "s3cr3t"])("%j does", (value) => {
    expect(isOpenValue(value, "PASSWORD")).toBe(false);
  });
});
