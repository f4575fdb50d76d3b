import { expect, it } from "vitest";
import { countNativeWork } from "./native-work.ts";

const LENGTH = 1000;
const list = Array.from({ length: LENGTH }, (_, index) => `${index}`);
const text = "a".repeat(8 * LENGTH);
const last = `${LENGTH - 1}`;

const works: readonly (readonly [string, () => unknown])[] = [
  ["Array.prototype.indexOf", () => list.indexOf(last)],
  ["Array.prototype.includes", () => list.includes("none")],
  ["Array.prototype.slice", () => list.slice(1)],
  ["Array.prototype.concat", () => list.concat([])],
  ["Array.prototype.splice", () => [...list].splice(0, 1)],
  ["Array.prototype.shift", () => [...list].shift()],
  ["Array.prototype.join", () => list.join("")],
  ["Array.iterator", () => [...list]],
  ["Array.iterator", () => new Set(list)],
  ["Set.iterator", () => [...new Set(list)]],
  ["Object.keys", () => Object.keys(Object.fromEntries(list.map((one) => [one, 1])))],
  ["String.prototype.indexOf", () => text.indexOf("b")],
  ["String.prototype.includes", () => text.includes("b")],
  ["String.prototype.split", () => text.split("b")],
  ["RegExp.prototype.exec", () => /b/.test(text)],
  ["RegExp.prototype.exec", () => text.replace(/a+$/, "")],
];

it.each(works)("counts what %s visits, and names the place", (name, work) => {
  const counts = countNativeWork(work, ["native-work.test.ts"]);
  const own = [...counts].filter(([place]) => place.startsWith(`${name} in native-work.test.ts `));
  expect(own).toHaveLength(1);
  for (const [, count] of own) expect(count).toBeGreaterThanOrEqual(LENGTH - 1);
});

it("counts no further than was looked", () => {
  const counts = countNativeWork(() => {
    list.indexOf("3");
    text.indexOf("aa");
    text.includes("aa");
    /^b/.exec(text);
    for (const one of list) if (one === "3") break;
  }, [""]);
  expect([...counts]).toEqual([]);
});

it("leaves the functions as they were, also where the work fails", () => {
  const before = [Reflect.get(Array.prototype, "indexOf"), Reflect.get(RegExp.prototype, "exec")];
  const fail = (): never => {
    throw new Error("No work.");
  };
  expect(() => countNativeWork(fail, [""])).toThrow("No work.");
  expect([Reflect.get(Array.prototype, "indexOf"), Reflect.get(RegExp.prototype, "exec")]).toEqual(before);
  expect(new Error("Read as ever.").stack).toContain("native-work.test.ts");
});
