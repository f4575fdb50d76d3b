import { expect, it } from "vitest";
import { readSecrets } from "./secrets.ts";

it("reads secrets as docker build has them", () => {
  expect(
    readSecrets(["id=npm,src=.npmrc", "id=token,env=TOKEN", "type=file,id=key,source=a=b", "id=PLAIN"]),
  ).toEqual({
    npm: { file: ".npmrc" },
    token: { env: "TOKEN" },
    key: { file: "a=b" },
    PLAIN: { env: "PLAIN" },
  });
  expect(readSecrets(["type=env,id=x,src=NAME"])).toEqual({ x: { env: "NAME" } });
  expect(readSecrets([])).toBeUndefined();
});

it.each(["", "npm", "src=a", "id=,src=a", "id=a,path=b"])("refuses %j", (text) => {
  expect(() => readSecrets([text])).toThrow(
    `--secret takes id=ID,src=FILE or id=ID,env=NAME, not "${text}".`,
  );
});
