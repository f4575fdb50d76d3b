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
});
