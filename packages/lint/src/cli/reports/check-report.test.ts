import { expect, it } from "vitest";
import { parseCommandLine } from "../arguments.ts";
import { countedFrom } from "./check-report.ts";

const from = (args: readonly string[], failOn: "error" | "warning" | "never"): string | undefined =>
  countedFrom(parseCommandLine(["check", ...args]).options, failOn);

it("lets everything count where everything is shown", () => {
  expect(from([], "warning")).toBeUndefined();
  expect(from(["--max-warnings", "3"], "error")).toBeUndefined();
});

it("lets nothing count that is neither shown, nor fails, nor is one of the warnings that are counted", () => {
  expect(from(["--quiet"], "warning")).toBe("warning");
  expect(from(["--quiet"], "error")).toBe("error");
  expect(from(["--quiet"], "never")).toBe("never");
  expect(from(["--quiet", "--max-warnings", "3"], "error")).toBe("warning");
  expect(from(["--show", "error"], "warning")).toBe("warning");
  expect(from(["--show", "info"], "error")).toBe("info");
  expect(from(["--show", "error", "--max-warnings", "0"], "never")).toBe("warning");
});
