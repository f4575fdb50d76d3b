import { expect, it } from "vitest";
import { share, showBytes, showCount, showSeconds, showShare } from "./quantity.ts";

it("shows bytes in decimal units", () => {
  const shown = [0, 999, 999.6, 1000, 31_400_000, 99_960_000, 999_400_000, 1e9, 5e18].map(showBytes);
  expect(shown).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "1.0 kB",
    "31.4 MB",
    "100 MB",
    "999 MB",
    "1.0 GB",
    "5000 PB",
  ]);
});

it("shows times", () => {
  const shown = [0, 0.004, 0.42, 0.999, 3.21, 59.96, 125].map(showSeconds);
  expect(shown).toEqual(["0 s", "0 s", "0.42 s", "1.0 s", "3.2 s", "1 min 0 s", "2 min 5 s"]);
});

it("shows shares that are neither nothing nor all as such", () => {
  expect(showShare(0, 10)).toBe("0 %");
  expect(showShare(1, 1000)).toBe("<1 %");
  expect(showShare(9999, 10_000)).toBe("99 %");
  expect(showShare(10, 10)).toBe("100 %");
  expect(showShare(1, 0)).toBe("0 %");
});

it("counts with a noun", () => {
  expect(showCount(1, "file")).toBe("1 file");
  expect(showCount(1_234_567, "file")).toBe("1,234,567 files");
  expect(showCount(2, "fix", "fixes")).toBe("2 fixes");
});

it("keeps shares between nothing and all", () => {
  expect(share(20, 10)).toBe(1);
  expect(share(-1, 10)).toBe(0);
});
