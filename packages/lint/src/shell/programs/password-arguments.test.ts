import { expect, it } from "vitest";
import { analyse } from "../../semantics/analyse.ts";
import { parseDockerfile } from "../../syntax/parser.ts";
import { passwordArguments } from "./password-arguments.ts";
import { scriptOf } from "../script.ts";

function passwords(code: string): string[] {
  const dockerfile = parseDockerfile(`FROM a\nRUN ${code}\n`);
  const [, run] = dockerfile.instructions;
  const script = run && scriptOf(run, analyse(dockerfile).state(run).shell);
  if (script === undefined) throw new Error("No script.");
  return passwordArguments(script).map(({ word, skipped }) => word.value?.slice(skipped) ?? "");
}

it.each([
  ["curl -u me:winter https://example.org", ["winter"]],
  ["curl --user=me:winter https://example.org", ["winter"]],
  ["docker login -u me -p winter", ["winter"]],
  ["docker login --password=winter", ["winter"]],
  ["mysql -u me -pwinter db", ["winter"]],
  ["sshpass -p winter ssh host", ["winter"]],
  ["curl -u me https://example.org", []],
  ['curl -u "me:$TOKEN" https://example.org', []],
  ["docker run -p 80:80 image", []],
  ["docker login --password-stdin", []],
  ["mysql -u me -p db", []],
  ["mkdir -p winter", []],
])("%s", (code, expected) => {
  expect(passwords(code)).toEqual(expected);
});
