import { expect, test } from "vitest";
import { toId, type Ref } from "./id.ts";

test("a handle is worth its id", () => {
  expect(toId("web", "container")).toBe("web");
  expect(toId({ id: "web" }, "container")).toBe("web");
});

test.each([undefined, null, 5, [], {}, { id: 5 }, () => "web"])(
  "%o is neither an id nor a handle",
  (given) => {
    expect(() => toId(given as unknown as Ref, "container")).toThrow(
      /^Argument "container" must be an id, a name or a handle, not /,
    );
  },
);

test("what `list` answers is told apart", () => {
  expect(() => toId({ Id: "abc" } as unknown as Ref, "container")).toThrow("its Id");
});
