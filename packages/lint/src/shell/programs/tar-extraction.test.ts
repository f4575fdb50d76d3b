import { expect, it } from "vitest";
import { parseDockerfile } from "../../syntax/parser.ts";
import { scriptOf } from "../script.ts";
import { tarExtractions } from "./tar-extraction.ts";

/** The archive, the folder and whether all of it is unpacked, for each call. */
function extractions(code: string): unknown[] {
  const run = parseDockerfile(`FROM a\nRUN ${code}\n`).instructions[1];
  const script = run && scriptOf(run, { dialect: "posix", errexit: false, pipefail: false });
  if (script === undefined) throw new Error("no script");
  return tarExtractions(script).map(({ archive, folder, whole }) => [archive.text, folder?.text, whole]);
}

it.each([
  ["tar -xzf a.tgz", [["a.tgz", undefined, true]]],
  ["tar xzf a.tgz -C /opt", [["a.tgz", "/opt", true]]],
  ["tar -C /opt -x -f a.tar", [["a.tar", "/opt", true]]],
  ["tar --extract --file a.tar --directory=/opt", [["a.tar", "--directory=/opt", true]]],
  ["sudo tar -xvf 'a b.tar'", [["'a b.tar'", undefined, true]]],
  ["tar -xf a.tar --strip-components=1", [["a.tar", undefined, false]]],
  ["tar -xf a.tar bin/tool", [["a.tar", undefined, false]]],
  ["tar xOf a.tar", [["a.tar", undefined, false]]],
  [
    "bsdtar -xf a.tar && tar -xf b.tar",
    [
      ["a.tar", undefined, true],
      ["b.tar", undefined, true],
    ],
  ],
])("reads %s", (code, expected) => {
  expect(extractions(code)).toEqual(expected);
});

it.each(["tar -czf a.tgz /opt", "tar -tf a.tar", "curl x | tar xz", "tar --help", "echo tar -xf a.tar"])(
  "finds nothing unpacked from a file in %s",
  (code) => {
    expect(extractions(code)).toEqual([]);
  },
);
