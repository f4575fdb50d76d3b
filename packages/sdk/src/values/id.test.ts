import { expect, test } from "vitest";
import { toId } from "./id.ts";

test("a handle is worth its id", () => {
  expect(toId("web")).toBe("web");
  expect(toId({ id: "web" })).toBe("web");
});
