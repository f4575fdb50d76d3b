import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { isLeftBehind, newRunId } from "./owner.ts";

const HOUR = 3_600_000;

it("takes nothing of a living process for left behind, and all of what is older than two days", () => {
  const id = newRunId();
  expect(isLeftBehind(id)).toBe(false);
  expect(isLeftBehind(id, Date.now() + 47 * HOUR)).toBe(false);
  expect(isLeftBehind(id, Date.now() + 49 * HOUR)).toBe(true);
  expect(newRunId()).not.toBe(id);
});

it("knows a process that is over, and one that has its number now", async () => {
  const child = spawn("true");
  await once(child, "exit");
  const [place, pid, start, ...rest] = newRunId().split(".");
  expect(isLeftBehind([place, child.pid, start, ...rest].join("."))).toBe(true);
  expect(isLeftBehind([place, pid, `${start}1`, ...rest].join("."))).toBe(process.platform === "linux");
});

it("leaves alone what another machine made, and labels that it cannot read", () => {
  const [, , ...rest] = newRunId().split(".");
  expect(isLeftBehind(["elsewhere", "999999999", ...rest].join("."))).toBe(false);
  for (const label of ["", "x", "a.b.c.d", "1.2.3.4.5.6"]) expect(isLeftBehind(label)).toBe(false);
});
