import { expect, it } from "vitest";
import { parseDockerfile } from "../../syntax/parser.ts";
import { analyse } from "../analyse.ts";
import { triggersOf } from "./onbuild-triggers.ts";

it("looks for triggers once, however many stages are based on one", () => {
  const text = "FROM a AS base\nONBUILD RUN b\nRUN c\nONBUILD\nFROM base\nFROM base\nFROM d\n";
  const [base, first, second, other] = analyse(parseDockerfile(text)).stages.map(triggersOf);
  expect(first?.map((one) => one.logical.text)).toEqual(["ONBUILD RUN b"]);
  expect(second).toBe(first);
  expect([base, other]).toEqual([[], []]);
});
