import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { toEngineTime } from "./time.ts";

const now = 1_700_000_000;

test.each([
  [undefined, undefined],
  [new Date(1_500_000_000_123), "1500000000.123"],
  [0, "0.000"],
  [1_500_000_000.5, "1500000000.500"],
  ["1500000000", "1500000000"],
  ["1500000000.123456789", "1500000000.123456789"],
  ["1970-01-01T00:00:10Z", "10"],
  ["1970-01-01T00:00:10.000000001Z", "10.000000001"],
  ["1970-01-01t02:00:10.5+02:00", "10.5"],
  ["1970-01-01T00:01Z", "60"],
  ["1970-01-02Z", "86400"],
])("%j is %s", (time, text) => {
  expect(toEngineTime("since", time)).toBe(text);
});

test("without a zone it is this machine's", () => {
  const midnight = new Date(2020, 5, 1).getTime() / 1000;
  expect(toEngineTime("since", "2020-06-01")).toBe(String(midnight));
  expect(toEngineTime("since", "2020-06-01T00:00:01.25")).toBe(`${midnight + 1}.25`);
});

describe("durations count back from now", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: now * 1000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([
    ["10m", 600],
    ["1h30m", 5400],
    ["1.5h", 5400],
    ["90s", 90],
    ["1500ms", 1.5],
    ["0s", 0],
    ["1h0m1s", 3601],
  ])("%s", (text, seconds) => {
    expect(toEngineTime("since", text)).toBe((now - seconds).toFixed(3));
  });
});

test.each([
  "",
  "yesterday",
  "1d",
  "m",
  "10m ago",
  "-5m",
  "2020-13-01",
  "2020-01-01T25:00:00Z",
  "2020-01-01 10:00",
  Number.NaN,
  Number.POSITIVE_INFINITY,
  new Date(Number.NaN),
])("%j is refused with the argument's name", (time) => {
  expect(() => toEngineTime("since", time)).toThrow(RangeError);
  expect(() => toEngineTime("since", time)).toThrow('"since"');
});
