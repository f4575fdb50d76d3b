import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

const options = [
  "image",
  "command",
  "env",
  "ports",
  "volumes",
  "workingDir",
  "noCache",
  "buildArgs",
  "signal",
];

test.each([
  ["comand", "command"],
  ["prots", "ports"],
  ["Image", "image"],
  ["build-args", "buildArgs"],
  ["nocache", "noCache"],
  ["no_cache", "noCache"],
  ["singal", "signal"],
  ["workdir", "workingDir"],
  ["environment", "env"],
  ["vol", "volumes"],
  ["x", undefined],
  ["", undefined],
  ["hostname", undefined],
])("%j is meant for %j", (name, meant) => {
  expect(nearestName(name, options)).toBe(meant);
});
