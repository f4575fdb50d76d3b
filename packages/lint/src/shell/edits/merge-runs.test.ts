import { expect, it } from "vitest";
import { applyEdits } from "../../source/edit.ts";
import { parseDockerfile } from "../../syntax/parser.ts";
import { mergeRuns, type ScriptedRun } from "./merge-runs.ts";
import { scriptOf } from "../script.ts";

const SH = { dialect: "posix", errexit: false, pipefail: false } as const;

/** What becomes of two RUNs; undefined where they are left apart. */
function merge(text: string): string | undefined {
  const dockerfile = parseDockerfile(text);
  const [first, second] = dockerfile.instructions.flatMap((run): ScriptedRun[] =>
    run.keyword === "RUN" ? [{ run, script: scriptOf(run, SH) }] : [],
  );
  const edit = first && second && mergeRuns(first, second, dockerfile);
  return edit && applyEdits(text, [edit]);
}

it("joins two lines with &&", () => {
  expect(merge("RUN a\nRUN b && c\n")).toBe("RUN a \\\n    && b && c\n");
});

it("keeps the layout of the first, and comments between", () => {
  expect(merge("RUN a && \\\n  b\n\n# why\nRUN c\n")).toBe("RUN a && \\\n  b && \\\n# why\n  c\n");
});

it("keeps carriage returns and the escape character", () => {
  expect(merge("# escape=`\r\nRUN a\r\nRUN b\r\n")).toBe("# escape=`\r\nRUN a `\r\n    && b\r\n");
});

it("keeps the flags once", () => {
  expect(merge("RUN --network=none a\nRUN --network=none b\n")).toBe("RUN --network=none a \\\n    && b\n");
});

it.each([
  ["a cd would last", "RUN cd /x && a\nRUN b\n"],
  ["a variable would be seen", "RUN X=1; a\nRUN echo $X\n"],
  ["the second would go on after a failure", "RUN a\nRUN b; c\n"],
  ["the second would hide a failure", "RUN a\nRUN b || true\n"],
  ["a compound command has an end of its own", "RUN a\nRUN if b; then c; fi; d\n"],
  ["a comment ends the first", "RUN a # why\nRUN b\n"],
  ["the first goes to the background", "RUN a &\nRUN b\n"],
  ["the mounts differ", "RUN --mount=type=cache,target=/c a\nRUN b\n"],
  ["there is no shell", 'RUN ["a"]\nRUN b\n'],
  ["a heredoc is a script of its own", "RUN <<EOF\na\nEOF\nRUN b\n"],
])("leaves them apart where %s", (_, text) => {
  expect(merge(text)).toBeUndefined();
});

it("keeps -e and what it stops at", () => {
  expect(merge("RUN set -e; a; b\nRUN c\n")).toBe("RUN set -e; a; b; \\\n    c\n");
  expect(merge("RUN set -e; (a; b)\nRUN c\n")).toBe("RUN set -e; (a; b); \\\n    c\n");
  expect(merge("RUN set -e; a && b\nRUN c\n")).toBe("RUN set -e; a && b \\\n    && c\n");
  expect(merge("RUN set -e; (a && b)\nRUN c\n")).toBeUndefined();
});

it.each(["export A=1", "unset A", "eval a", "readonly A=1"])(
  "leaves alone what outlives its command: %s",
  (one) => {
    expect(merge(`RUN ${one} && a\nRUN b\n`)).toBeUndefined();
  },
);
