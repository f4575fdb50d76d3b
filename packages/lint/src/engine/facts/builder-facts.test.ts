import { expect, test } from "vitest";
import { builderFacts } from "./builder-facts.ts";

const linux = (version: string): { version: string; platform: string } => ({
  version,
  platform: "linux/amd64",
});
const nothing = { asked: undefined, environment: {} };

test.each([
  ["20.10.24+dfsg1", [1, 2]],
  ["23.0.6", [1, 4]],
  ["26.1.5+dfsg1", [1, 7]],
  ["27.2.0", [1, 9]],
  ["28.5.2", [1, 19]],
  ["28.9.0", [1, 19]],
  ["19.3.15", undefined],
  ["40.0.0", undefined],
  ["library-import", undefined],
])("the frontend that is built into %s", (version, frontend) => {
  expect(builderFacts(linux(version), nothing)).toMatchObject({ kind: "buildkit", frontend });
});

test("the classic builder is taken where BuildKit is refused or not there", () => {
  const refusing = { DOCKER_BUILDKIT: "0" };
  const kindOf = (...args: Parameters<typeof builderFacts>): string => builderFacts(...args).kind;
  expect(kindOf(linux("28.5.2"), { asked: undefined, environment: refusing })).toBe("classic");
  expect(kindOf(linux("28.5.2"), { asked: "classic", environment: {} })).toBe("classic");
  expect(kindOf(linux("28.5.2"), { asked: "buildkit", environment: refusing })).toBe("buildkit");
  expect(kindOf(linux("28.5.2"), { asked: "auto", environment: { DOCKER_BUILDKIT: "1" } })).toBe("buildkit");
  expect(kindOf({ version: "28.5.2", platform: "windows/amd64" }, nothing)).toBe("classic");
});
