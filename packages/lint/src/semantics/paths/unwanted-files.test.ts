import { expect, it } from "vitest";
import { unwantedFile } from "./unwanted-files.ts";

it.each([
  [".git", true, "history"],
  ["vendor/lib/.git", false, "history"],
  ["web/node_modules", true, "modules"],
  [".venv", true, "modules"],
  [".env", false, "secret"],
  ["config/.env.production", false, "secret"],
  ["prod.env", false, "secret"],
  ["deploy/id_rsa", false, "secret"],
  ["server.key", false, "secret"],
  ["tls/private.pem", false, "secret"],
  ["release.jks", false, "secret"],
  [".aws", true, "secret"],
  ["terraform.tfstate", false, "secret"],
  ["__pycache__", true, "litter"],
  ["logs/app.log", false, "litter"],
] as const)("%s", (path, folder, kind) => {
  expect(unwantedFile(path, folder)).toBe(kind);
});

it.each([
  [".github", true],
  [".gitignore", false],
  [".env.example", false],
  ["app.sample.env", false],
  ["ca.pem", false],
  ["fullchain.pem", false],
  ["id_rsa.pub", false],
  ["tests/server.key", false],
  ["docs/.env", false],
  ["src/environment.ts", false],
  ["modules/node.js", false],
  ["log.txt", false],
] as const)("leaves %s alone", (path, folder) => {
  expect(unwantedFile(path, folder)).toBeUndefined();
});
