import { expect, it } from "vitest";
import { Turnstile } from "./turnstile.ts";

it("lets so many in as were agreed, the others in their order when one has left, and each leaves once", () => {
  const turnstile = new Turnstile(2);
  const inside: string[] = [];
  const leave: Record<string, () => void> = {};
  for (const name of ["a", "b", "c", "d", "e"]) {
    turnstile.enter((left) => {
      inside.push(name);
      leave[name] = left;
    });
  }
  expect(inside).toEqual(["a", "b"]);
  leave["b"]?.();
  leave["b"]?.();
  expect(inside).toEqual(["a", "b", "c"]);
  leave["a"]?.();
  leave["c"]?.();
  expect(inside).toEqual(["a", "b", "c", "d", "e"]);
});

it("lets in who comes when those before have left at once", () => {
  const turnstile = new Turnstile(1);
  let begun = 0;
  for (let n = 0; n < 1000; n++) {
    turnstile.enter((leave) => {
      begun++;
      leave();
    });
  }
  expect(begun).toBe(1000);
});
