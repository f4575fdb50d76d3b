/** A build that failed, as people are told on standard error. */
import type { BuildFailure } from "../../engine/build-image.ts";
import { printable } from "../../report/printable.ts";

/** How many lines of the build's output are shown. */
const TAIL = 10;

/** Where and why a Dockerfile does not build, with the end of what the step said. */
export function describeFailure(path: string, { message, step, line, log }: BuildFailure): string {
  const place = line === undefined ? path : `${path}:${line}`;
  const at = step === undefined ? "" : `, at ${step}`;
  const tail = log
    .trim()
    .split("\n")
    .slice(-TAIL)
    .filter((one) => one !== "");
  const lines = [`dflint: ${place}: does not build${at}: ${message}`, ...tail.map((one) => `  ${one}`)];
  return lines.map((one) => `${printable(one)}\n`).join("");
}
