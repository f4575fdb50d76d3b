import { describe, expect, it, vi } from "vitest";
import { ByteQueue, type Flow } from "./byte-queue.ts";

function open(): { queue: ByteQueue; flow: { [Name in keyof Flow]: ReturnType<typeof vi.fn<() => void>> } } {
  const flow = { pause: vi.fn<() => void>(), resume: vi.fn<() => void>(), close: vi.fn<() => void>() };
  return { queue: new ByteQueue(flow), flow };
}

const bytes = (size: number): Uint8Array => new Uint8Array(size);
const size = (chunks: readonly Uint8Array[] | undefined): number =>
  (chunks ?? []).reduce((sum, chunk) => sum + chunk.length, 0);

describe("ByteQueue", () => {
  it("hands over at once what came between two reads, small chunks joined and in order", async () => {
    const { queue } = open();
    const sizes = [
      1,
      2,
      0,
      5000,
      3,
      4095,
      4096,
      70_000,
      7,
      ...Array.from({ length: 5000 }, (_, at) => at % 50),
    ];
    for (let round = 1; round <= 3; round++) {
      const pushed = sizes.map((length, index) => Buffer.alloc(length, round * index));
      for (const chunk of pushed) queue.push(chunk);
      const read = (await queue.read()) ?? [];
      expect(Buffer.concat(read).equals(Buffer.concat(pushed))).toBe(true);
      expect(read.length).toBeLessThan(20);
    }
  });

  it("does not change what it has handed over", async () => {
    const { queue } = open();
    const kept: { readonly chunk: Uint8Array; readonly value: number }[] = [];
    for (let value = 1; value < 250; value++) {
      for (let times = 0; times < 9; times++) queue.push(Buffer.alloc(100, value));
      for (const chunk of (await queue.read()) ?? []) kept.push({ chunk, value });
    }
    expect(kept.every(({ chunk, value }) => chunk.every((byte) => byte === value))).toBe(true);
  });

  it("pauses the producer once above its mark, and resumes it when all is taken", async () => {
    const { queue, flow } = open();
    queue.push(bytes(256 * 1024 - 1));
    expect(flow.pause).not.toHaveBeenCalled();
    queue.push(bytes(1));
    queue.push(bytes(64 * 1024)); // what was under way already
    expect(flow.pause).toHaveBeenCalledOnce();
    expect(flow.resume).not.toHaveBeenCalled();
    expect(size(await queue.read())).toBe(320 * 1024);
    expect(flow.resume).toHaveBeenCalledOnce();
    queue.push(bytes(1));
    await queue.read();
    expect(flow.resume).toHaveBeenCalledOnce();
  });

  it("counts the memory that a piece keeps, that of one read once, and keeps none for what it copies", async () => {
    const { queue, flow } = open();
    const read = bytes(64 * 1024);
    for (let at = 0; at < 1000; at++) queue.push(read.subarray(at, at + 1));
    for (let reads = 0; reads < 1000; reads++) queue.push(bytes(64 * 1024).subarray(7, 8));
    expect(flow.pause).not.toHaveBeenCalled();
    for (let reads = 0; reads < 3; reads++) queue.push(bytes(64 * 1024).subarray(7, 7 + 4096));
    expect(flow.pause).toHaveBeenCalledOnce();
    expect(size(await queue.read())).toBe(2000 + 3 * 4096);
    expect(flow.resume).toHaveBeenCalledOnce();
  });

  it("pauses the producer of small chunks, too", () => {
    const { queue, flow } = open();
    let pushed = 0;
    while (flow.pause.mock.calls.length === 0 && pushed < 1024 * 1024) {
      queue.push(bytes(100));
      pushed += 100;
    }
    expect(pushed).toBeLessThanOrEqual(256 * 1024 + 100);
  });

  it("wakes a waiting read by a push, an end, a failure, an abort and a close", async () => {
    const error = new Error("broken");
    const steps: readonly (readonly [(queue: ByteQueue) => void, unknown])[] = [
      [(queue) => queue.push(bytes(1)), [bytes(1)]],
      [(queue) => queue.end(), undefined],
      [(queue) => queue.close(), undefined],
      [(queue) => queue.fail(error), error],
      [(queue) => queue.abort("reason"), "reason"],
    ];
    for (const [step, outcome] of steps) {
      const { queue } = open();
      const reading = queue.read().catch((thrown: unknown) => thrown);
      step(queue);
      expect(await reading).toEqual(outcome);
    }
  });

  it("gives two reads at a time their own chunks, in order", async () => {
    const { queue } = open();
    const reads = [queue.read(), queue.read(), queue.read()];
    queue.push(bytes(1));
    await reads[0];
    queue.push(bytes(2));
    await reads[1];
    queue.end();
    expect(await Promise.all(reads)).toEqual([[bytes(1)], [bytes(2)], undefined]);
  });

  it("gives what it received before an end or a failure", async () => {
    const error = new Error("broken");
    const failed = open().queue;
    failed.push(bytes(1));
    failed.fail(error);
    failed.push(bytes(1));
    expect(await failed.read()).toEqual([bytes(1)]);
    await expect(failed.read()).rejects.toBe(error);

    const ended = open().queue;
    ended.push(bytes(1));
    ended.end();
    ended.fail(error);
    expect(await ended.read()).toEqual([bytes(1)]);
    expect(await ended.read()).toBe(undefined);
  });

  it("drops what it received when it is aborted, and closes", async () => {
    const { queue, flow } = open();
    queue.push(bytes(1));
    queue.abort("enough");
    await expect(queue.read()).rejects.toBe("enough");
    expect(flow.close).toHaveBeenCalledOnce();
  });

  it("closes once", () => {
    const { queue, flow } = open();
    queue.close();
    queue.close();
    queue.abort("late");
    expect(flow.close).toHaveBeenCalledOnce();
  });

  it("tells that it was stopped, also those who ask later", async () => {
    const aborted = open().queue;
    const stopped = aborted.stopped();
    aborted.abort("enough");
    expect(await stopped).toBe(undefined);
    const closed = open().queue;
    closed.close();
    expect(await closed.stopped()).toBe(undefined);
  });
});
