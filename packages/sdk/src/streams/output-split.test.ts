import { describe, expect, it } from "vitest";
import { chunkSource, frame, piecesOf } from "test-support/chunk-source";
import { ByteQueue } from "./byte-queue.ts";
import type { ByteSource } from "./byte-source.ts";
import { frameDecoder } from "./multiplex.ts";
import { OutputStream } from "./output-stream.ts";
import { splitOutput } from "./output-split.ts";

const mebibyte = 1024 * 1024;

function split(source: ByteSource): ReturnType<typeof splitOutput> {
  return splitOutput(source, frameDecoder({ tty: false }));
}

/** A connection, and how much was taken from it. */
function connection(): { queue: ByteQueue; paused: () => boolean; closed: () => boolean } {
  let paused = false;
  let closed = false;
  const queue = new ByteQueue({
    pause: () => (paused = true),
    resume: () => (paused = false),
    close: () => (closed = true),
  });
  return { queue, paused: () => paused, closed: () => closed };
}

function size(chunks: readonly Uint8Array[] | undefined): number {
  return Buffer.concat(chunks ?? []).length;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What a promise has settled to in some turns of the event loop, if it has. */
async function settled(promise: Promise<unknown>): Promise<unknown> {
  let outcome: unknown = "waiting";
  const settle = (value: unknown): void => void (outcome = value);
  promise.then(settle, settle);
  await turn();
  await turn();
  return outcome;
}

describe("stdout and stderr apart", () => {
  it("are both exact, read at the same time or one after the other", async () => {
    const parts = piecesOf(Buffer.alloc(mebibyte, "0123456789"), 1000);
    const wire = Buffer.concat(parts.flatMap((data) => [frame(1, data), frame(2, data.subarray(0, 300))]));
    const open = (): OutputStream => {
      const source = chunkSource(piecesOf(wire, 65536));
      return new OutputStream({ tty: false, read: () => source.read(), close: () => source.close() });
    };
    const stdout = Buffer.concat(parts);
    const stderr = Buffer.concat(parts.map((data) => data.subarray(0, 300)));
    const together = open();
    const [out, err] = await Promise.all([together.stdout.bytes(), together.stderr.bytes()]);
    expect(Buffer.from(out).equals(stdout) && Buffer.from(err).equals(stderr)).toBe(true);
    const apart = open();
    expect(Buffer.from(await apart.stdout.bytes()).equals(stdout)).toBe(true);
    expect(Buffer.from(await apart.stderr.bytes()).equals(stderr)).toBe(true);
  });

  it("buffer the side nobody reads up to a limit, then stand still until it is read", async () => {
    const { queue, paused } = connection();
    const { stdout, stderr } = split(queue);
    const flood = frame(2, Buffer.alloc(mebibyte, "e"));
    queue.push(flood);
    const reading = stdout.read();
    await turn();
    queue.push(frame(1, Buffer.alloc(mebibyte, "o")));
    expect(await settled(reading)).toBe("waiting");
    expect(paused()).toBe(true);

    expect(size(await stderr.read())).toBe(mebibyte);
    expect(size(await reading)).toBe(mebibyte);
    expect(paused()).toBe(false);
  });

  it.each<[string, (queue: ByteQueue) => void, unknown]>([
    ["aborted", (queue) => queue.abort("enough"), "enough"],
    ["closed", (queue) => queue.close(), undefined],
  ])("do not stand still any longer when the connection is %s", async (_, stop, outcome) => {
    const { queue } = connection();
    const { stdout } = split(queue);
    queue.push(frame(2, Buffer.alloc(mebibyte)));
    const reading = stdout.read();
    expect(await settled(reading)).toBe("waiting");
    stop(queue);
    expect(await settled(reading)).toBe(outcome);
  });

  it("go on when the other side was closed: its bytes are dropped", async () => {
    const { queue, closed } = connection();
    const { stdout, stderr } = split(queue);
    queue.push(Buffer.concat([frame(2, "e"), frame(1, "o")]));
    await stderr.read();
    await stdout.read();
    stderr.close();
    expect(closed()).toBe(false);
    for (let i = 0; i < 4; i++) queue.push(frame(2, Buffer.alloc(mebibyte)));
    queue.push(frame(1, "end"));
    expect(Buffer.concat((await stdout.read()) ?? []).toString()).toBe("end");
    stdout.close();
    expect(closed()).toBe(true);
  });

  it("make room when the full side is closed", async () => {
    const { queue } = connection();
    const { stdout, stderr } = split(queue);
    queue.push(frame(2, Buffer.alloc(2 * mebibyte)));
    const reading = stdout.read();
    expect(await settled(reading)).toBe("waiting");
    stderr.close();
    queue.push(frame(1, "o"));
    expect(size(await reading)).toBe(1);
  });

  it("throw the same error on both sides, after what came before", async () => {
    const { queue } = connection();
    const { stdout, stderr } = split(queue);
    const gone = new Error("gone");
    queue.push(Buffer.concat([frame(1, "o"), frame(2, "e")]));
    queue.fail(gone);
    expect(size(await stdout.read())).toBe(1);
    await expect(stdout.read()).rejects.toBe(gone);
    expect(size(await stderr.read())).toBe(1);
    await expect(stderr.read()).rejects.toBe(gone);
  });

  it("never look as if the process wrote no more when the other side was left early", async () => {
    const { queue, closed } = connection();
    const { stdout, stderr } = split(queue);
    queue.push(Buffer.concat([frame(1, "o"), frame(2, "e")]));
    await stdout.read();
    stdout.close();
    expect(closed()).toBe(true);
    expect(size(await stderr.read())).toBe(1);
    await expect(stderr.read()).rejects.toMatchObject({ name: "AbortError" });
  });
});
