import { describe, expect, it } from "vitest";
import { parseDockerfile } from "../syntax/parser.ts";
import { mayCall } from "./may-call.ts";

function calls(text: string, pattern: RegExp): boolean | undefined {
  const [instruction] = parseDockerfile(text).instructions;
  return instruction && mayCall(instruction, pattern);
}

describe("mayCall", () => {
  it("looks into commands, JSON and heredocs, and leaves flags out", () => {
    expect(calls("RUN apk add curl", /apk/)).toBe(true);
    expect(calls('CMD ["sh", "-c", "apk add curl"]', /apk/)).toBe(true);
    expect(calls("RUN <<EOF\napk add curl\nEOF", /apk/)).toBe(true);
    expect(calls("RUN ap\\\nk add curl", /apk/)).toBe(true);
    expect(calls("HEALTHCHECK --interval=5s CMD curl -f http://x", /curl/)).toBe(true);
    expect(calls("RUN --mount=type=cache,target=/var/cache/apt make", /apt/)).toBe(false);
  });

  it.each([
    'RUN "w"get x',
    "RUN w\\get x",
    "RUN 'wge't x",
    "RUN w''get x",
    "RUN wge$'t' x",
    'RUN wge$"t" x',
    "RUN $'\\x77get' x",
    "RUN <<EOF\nw\\\nget x\nEOF",
    "RUN <<EOF\r\nw\\\r\nget x\r\nEOF",
  ])("may call what is cut in pieces: %j", (text) => {
    expect(calls(text, /wget/)).toBe(true);
  });

  it("needs a piece on both sides", () => {
    expect(calls('RUN echo "$a" \'-x\' "b" \\$ {"c":\'d\'}', /wget/)).toBe(false);
    expect(calls('RUN <<EOF\necho "a"\nb\nEOF', /wget/)).toBe(false);
  });
});
