import { expect, test } from "vitest";
import { withEncodedData } from "./data.ts";

test.each([
  [Buffer.from("open sesame"), "b3BlbiBzZXNhbWU="],
  [new Uint8Array([255, 0]), "/wA="],
  ["b3BlbiBzZXNhbWU=", "b3BlbiBzZXNhbWU="],
  ["b3Bl\nbiBz\r\n", "b3Bl\nbiBz\r\n"],
  ["", ""],
  [undefined, undefined],
])("%o goes as %o", (Data, sent) => {
  expect(withEncodedData({ Data }).Data).toBe(sent);
});

test.each(["open sesame", "secret", "geheim=", "a===", "====", "=", "YQ==YQ==", "héé="])(
  "text is not taken for its bytes, and what it holds is not told: %o",
  (Data) => {
    const encode = (): unknown => withEncodedData({ Data });
    expect(encode).toThrow(
      new TypeError('"Data" must be bytes or base64; of text, Buffer.from("…") makes bytes.'),
    );
  },
);

test("text of any length is read", () => {
  const Data = "A".repeat(2 ** 25); // too long for a regular expression that repeats a group
  expect(withEncodedData({ Data }).Data).toBe(Data);
  expect(() => withEncodedData({ Data: `${Data}*` })).toThrow(TypeError);
});
