import { assert, constantFrom, oneof, property, string, uint8Array } from "fast-check";
import { expect, it } from "vitest";
import {
  compareBytes,
  compareUnits,
  decodeName,
  encodeName,
  pathOnDisk,
  sortsUnlikeBytes,
} from "./file-name.ts";

it("loses no byte of any name", () => {
  assert(
    property(uint8Array(), (bytes) => {
      expect([...encodeName(decodeName(Buffer.from(bytes)))]).toEqual([...bytes]);
    }),
  );
});

it("leaves names in UTF-8 as they are", () => {
  assert(
    property(string({ unit: "binary" }), (name) => {
      expect(decodeName(Buffer.from(name))).toBe(name);
      expect(pathOnDisk(name)).toBe(name);
    }),
  );
});

it("tells when UTF-16 sorts otherwise than the bytes", () => {
  const name = uint8Array().map((bytes) => decodeName(Buffer.from(bytes)));
  const both = oneof(name, string({ unit: "binary" }), constantFrom("\ue000", "\u{1f600}", "\uffff", "z"));
  assert(
    property(both, both, (a, b) => {
      if (sortsUnlikeBytes(a) || sortsUnlikeBytes(b)) return;
      expect(compareUnits(a, b)).toBe(compareBytes(a, b));
    }),
  );
  expect(compareBytes("\ue000", "\u{1f600}")).toBe(-1);
});
