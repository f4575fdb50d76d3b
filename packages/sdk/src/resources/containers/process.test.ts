import { Duplex } from "node:stream";
import { chunkSource } from "test-support/chunk-source";
import { expect, test } from "vitest";
import { OutputStream } from "../../streams/output-stream.ts";
import { AttachedProcess } from "./process.ts";

function attached(written: string[]): AttachedProcess {
  const socket = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _, done) {
      written.push(chunk.toString());
      done();
    },
  });
  const source = chunkSource([]);
  const output = new OutputStream({ tty: false, read: () => source.read(), close: () => source.close() });
  const exit = { code: () => Promise.resolve(0), release: () => undefined };
  return new AttachedProcess(output, socket, false, () => Promise.resolve(), exit);
}

test.each<["write" | "writeAll" | "resize", unknown, string]>([
  ["write", undefined, '"data" of process.write() must be text or bytes, not undefined'],
  ["write", 5, '"data" of process.write() must be text or bytes, not a number'],
  ["writeAll", { sql: "" }, '"input" of process.writeAll() must be bytes or a stream of them'],
  ["resize", [24, 80], '"size" of process.resize() must be an object such as { rows: 24, columns: 80 }'],
  ["resize", { rows: 24 }, '"columns" of process.resize() must be a whole number'],
])("%s(%o) is refused, and nothing is written", async (method, given, message) => {
  const written: string[] = [];
  const process = attached(written);
  const asked = process[method](given as never); // as in plain JavaScript
  await expect(asked).rejects.toThrow(TypeError);
  await expect(asked).rejects.toThrow(message);
  await process.write("whole");
  expect(written).toEqual(["whole"]);
  process.close();
});
