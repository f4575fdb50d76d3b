import { expect, test } from "vitest";
import { pack } from "tar-stream";
import { startFakeEngine } from "test-support/fake-engine";
import { Docker } from "../../docker.ts";

/** A tar with a file of this size, or only the header of it. */
async function tarOf(size: number, what: "whole" | "header"): Promise<Buffer> {
  const tar = pack();
  if (what === "header") tar.entry({ name: "file", size }, () => undefined);
  else tar.entry({ name: "file" }, "x".repeat(size));
  if (what === "whole") tar.finalize();
  const parts: Buffer[] = [];
  for await (const part of tar as AsyncIterable<Buffer>) {
    parts.push(part);
    if (what === "header") break;
  }
  return Buffer.concat(parts);
}

test("a file is read up to `maxBytes`, and none of a longer one", async () => {
  const note = await tarOf(5000, "whole");
  const large = await tarOf(128 * 1024 * 1024 + 1, "header");
  await using fake = await startFakeEngine();
  const closed: Promise<void>[] = [];
  fake.handle((exchange) => {
    if (exchange.request.query.get("path") === "/note") return exchange.send(200, note);
    closed.push(exchange.closed);
    exchange.response.writeHead(200).write(large);
  });
  await using docker = new Docker({ host: fake.host, credentials: {}, apiVersion: "1.41" });
  const container = docker.containers.get("x");

  expect((await container.readFile("/note")).length).toBe(5000);
  expect((await container.readFile("/note", { maxBytes: 5000 })).length).toBe(5000);
  await expect(container.readFile("/note", { maxBytes: 4999 })).rejects.toThrow(
    new RangeError("/note in the container has 5000 bytes, more than the 4999 of `maxBytes`."),
  );
  await expect(container.readFile("/note", { maxBytes: Number.NaN })).rejects.toThrow(TypeError);
  await expect(container.readFile("/large")).rejects.toThrow(RangeError);
  await Promise.all(closed);
  expect(closed.length).toBe(1);
});
