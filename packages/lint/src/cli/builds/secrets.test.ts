import { writeFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { tempDir } from "test-support/temp-dir";
import { readSecrets } from "./secrets.ts";

const folder = await tempDir();
const file = folder.join("a=b");
writeFileSync(file, "secret");
afterAll(() => folder[Symbol.asyncDispose]());
const environment = { TOKEN: "t", PLAIN: "p", EMPTY: "" };

it("reads secrets as docker build has them", () => {
  const texts = [`id=npm,src=${file}`, "id=token,env=TOKEN", `type=file,id=key,source=${file}`, "id=PLAIN"];
  expect(readSecrets(texts, environment)).toEqual({
    npm: { file },
    token: { env: "TOKEN" },
    key: { file },
    PLAIN: { env: "PLAIN" },
  });
  expect(readSecrets(["type=env,id=x,src=EMPTY"], environment)).toEqual({ x: { env: "EMPTY" } });
  expect(readSecrets([`id=${file}`], environment)).toEqual({ [file]: { file } });
  expect(readSecrets([], environment)).toBeUndefined();
});

it.each(["", "npm", "src=a", "id=,src=a", "id=a,path=b"])("refuses %j", (text) => {
  expect(() => readSecrets([text], environment)).toThrow(
    `--secret takes id=ID,src=FILE or id=ID,env=NAME, not "${text}".`,
  );
});

it.each([
  ["id=npm,src=/no/such/.npmrc", "--secret id=npm,src=/no/such/.npmrc: /no/such/.npmrc: cannot be read: "],
  ["id=npm,env=NO_TOKEN", "--secret id=npm,env=NO_TOKEN: the variable NO_TOKEN is not set."],
  ["id=npm", "--secret id=npm: the variable npm is not set."],
  [`id=npm,src=${folder.path}`, `--secret id=npm,src=${folder.path}: ${folder.path} is a folder.`],
])("names the option where there is no secret: %j", (text, message) => {
  expect(() => readSecrets([text], environment)).toThrow(message);
});

it("refuses two secrets of one id, of which a build would get the last", () => {
  const twice = ["id=a,env=TOKEN", "id=b,env=TOKEN", "id=a,env=PLAIN"];
  expect(() => readSecrets(twice, environment)).toThrow(
    '--secret id=a,env=PLAIN: there is another secret "a".',
  );
});
