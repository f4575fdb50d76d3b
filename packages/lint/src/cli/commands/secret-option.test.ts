import { expect, test } from "vitest";
import { parseCommandLine } from "../arguments.ts";
import { secretsOf } from "./secret-option.ts";

function read(...secrets: readonly string[]): ReturnType<typeof secretsOf> {
  const argv = ["measure", ...secrets.flatMap((secret) => ["--secret", secret])];
  return secretsOf(parseCommandLine(argv).options, { TOKEN: "t" });
}

test("secrets come from files and variables", () => {
  expect(read()).toBeUndefined();
  expect(read("id=a,src=/run/a", "source=b.txt,id=b", "id=c,env=NPM_TOKEN", "id=TOKEN", "id=key")).toEqual({
    a: { file: "/run/a" },
    b: { file: "b.txt" },
    c: { env: "NPM_TOKEN" },
    TOKEN: { env: "TOKEN" },
    key: { file: "key" },
  });
  expect(read("type=env,id=x,src=VAR", "type=file,id=TOKEN")).toEqual({
    x: { env: "VAR" },
    TOKEN: { file: "TOKEN" },
  });
});

test.each(["", "a", "src=/a", "id=", "id=a,src=b,env=c", "id=a,target=/x"])("%j is refused", (text) => {
  expect(() => read(text)).toThrow("--secret takes id=NAME,src=PATH or id=NAME,env=NAME");
});
