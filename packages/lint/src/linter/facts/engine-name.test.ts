import { expect, test } from "vitest";
import { engineName } from "./engine-name.ts";

test("a Docker that somebody built is called so, whatever its version", () => {
  expect(engineName("dev")).toBe("Docker dev");
  expect(engineName("v28.0.0-rc1")).toBe("Docker v28.0.0-rc1");
});

test("what is no Docker Engine keeps the name it has", () => {
  expect(engineName("28.5.2")).toBe("Docker 28.5.2");
  expect(engineName("Podman 5.4.2")).toBe("Podman 5.4.2");
});
