import { expect, test } from "vitest";
import { engineName } from "./engine-name.ts";

test("what is no Docker Engine keeps the name it has", () => {
  expect(engineName("28.5.2")).toBe("Docker 28.5.2");
  expect(engineName("Podman 5.4.2")).toBe("Podman 5.4.2");
});
