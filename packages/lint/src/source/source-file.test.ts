import { expect, test } from "vitest";
import { SourceFile } from "./source-file.ts";

test("lines end at line feeds, and a final one opens no other", () => {
  const source = new SourceFile("ab\r\n\ncd\n");
  expect(source.lineCount).toBe(3);
  expect([1, 2, 3, 4].map((line) => source.line(line))).toEqual(["ab", "", "cd", ""]);
  expect(source.lineSpan(1, 2)).toEqual({ start: 0, end: 5 });
  expect(source.lineSpan(3)).toEqual({ start: 5, end: 8 });
  expect(new SourceFile("").lineCount).toBe(1);
  expect(new SourceFile("a").lineCount).toBe(1);
});

test("positions count from 1, in UTF-16 code units, and go back to their offsets", () => {
  const source = new SourceFile("a😀b\ncd");
  expect(source.position(0)).toEqual({ line: 1, column: 1 });
  expect(source.position(3)).toEqual({ line: 1, column: 4 });
  expect(source.position(5)).toEqual({ line: 2, column: 1 });
  expect(source.position(99)).toEqual({ line: 2, column: 3 });
  expect(source.position(-1)).toEqual({ line: 1, column: 1 });
  for (let offset = 0; offset <= 7; offset += 1) expect(source.offset(source.position(offset))).toBe(offset);
});
