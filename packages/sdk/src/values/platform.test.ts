import { expect, test } from "vitest";
import { formatPlatform, parsePlatform } from "./platform.ts";

test.each([
  ["linux/amd64", { os: "linux", architecture: "amd64" }],
  ["linux/x86_64", { os: "linux", architecture: "amd64" }],
  ["Linux/AArch64", { os: "linux", architecture: "arm64" }],
  ["linux/arm64/v8", { os: "linux", architecture: "arm64" }],
  ["linux/arm64/v9", { os: "linux", architecture: "arm64", variant: "v9" }],
  ["linux/armhf", { os: "linux", architecture: "arm", variant: "v7" }],
  ["linux/arm/v6", { os: "linux", architecture: "arm", variant: "v6" }],
  ["windows/amd64", { os: "windows", architecture: "amd64" }],
])("%s", (text, platform) => {
  expect(parsePlatform(text)).toEqual(platform);
  expect(parsePlatform(formatPlatform(parsePlatform(text)))).toEqual(platform);
});

test.each(["", "amd64", "linux/", "/amd64", "linux/amd64/", "a/b/c/d", "linux/amd 64", "linux/../x"])(
  "refuses %j",
  (text) => {
    expect(() => parsePlatform(text)).toThrow('Argument "platform" is not a platform');
  },
);
