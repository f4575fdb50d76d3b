import { describe, expect, it, vi } from "vitest";
import { chunkSource, quietSource } from "test-support/chunk-source";
import type { ByteSource } from "./byte-source.ts";
import { confirmedSource, lazySource } from "./lazy-source.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("lazySource", () => {
  it("opens at the first read, once", async () => {
    const open = vi.fn<() => Promise<ByteSource>>(async () => chunkSource(["a", "b"]));
    const source = lazySource(open);
    expect(open).not.toHaveBeenCalled();
    expect(await source.read()).toEqual([Buffer.from("a")]);
    expect(await source.read()).toEqual([Buffer.from("b")]);
    expect(await source.read()).toBe(undefined);
    expect(open).toHaveBeenCalledOnce();
  });

  it("throws what the opening threw, at each read", async () => {
    const error = new Error("no");
    const source = lazySource(() => Promise.reject(error));
    await expect(source.read()).rejects.toBe(error);
    await expect(source.read()).rejects.toBe(error);
    source.close();
  });

  it("never opens when it is closed before", async () => {
    const open = vi.fn<() => Promise<ByteSource>>();
    const source = lazySource(open);
    source.close();
    expect(await source.read()).toBe(undefined);
    expect(open).not.toHaveBeenCalled();
  });

  it("ends a read that waits for the opening, tells the opening, and closes what opens late", async () => {
    const late = quietSource("a");
    let finish = (): void => undefined;
    let told: AbortSignal | undefined;
    const source = lazySource(async (left) => {
      told = left;
      await new Promise<void>((resolve) => (finish = resolve));
      return late;
    });
    const reading = source.read();
    await turn();
    source.close();
    expect(await reading).toBe(undefined);
    expect(told?.aborted).toBe(true);
    finish();
    await turn();
    expect(late.closed).toBe(1);
  });

  it("lets nobody see an opening that fails after its reader left", async () => {
    let fail: ((error: Error) => void) | undefined;
    const source = lazySource(() => new Promise((_, reject) => (fail = reject)));
    const reading = source.read();
    await turn();
    source.close();
    fail?.(new Error("late"));
    expect(await reading).toBe(undefined);
    await turn();
  });
});

describe("confirmedSource", () => {
  it("asks at the end, and throws what the answer is", async () => {
    const gone = new Error("gone");
    const source = confirmedSource(chunkSource(["a"]), () => Promise.reject(gone));
    expect(await source.read()).toEqual([Buffer.from("a")]);
    await expect(source.read()).rejects.toBe(gone);
  });

  it("does not ask when the reader left", async () => {
    const confirm = vi.fn<() => Promise<void>>();
    const source = confirmedSource(quietSource("a"), confirm);
    await source.read();
    const reading = source.read();
    source.close();
    expect(await reading).toBe(undefined);
    expect(confirm).not.toHaveBeenCalled();
  });
});

describe("the signal of an opening", () => {
  it("is aborted with the caller's reason, before and after the opening, until the reader leaves", async () => {
    const before = lazySource(async (signal) => {
      signal.throwIfAborted();
      return chunkSource([]);
    }, AbortSignal.abort("before"));
    await expect(before.read()).rejects.toBe("before");

    const controller = new AbortController();
    const signals: AbortSignal[] = [];
    const open = async (signal: AbortSignal): Promise<ByteSource> => {
      signals.push(signal);
      return chunkSource(["a"]);
    };
    const [kept, left] = [lazySource(open, controller.signal), lazySource(open, controller.signal)];
    await kept.read();
    await left.read();
    left.close();
    controller.abort("after");
    expect(signals.map(({ reason }) => reason as unknown)).toEqual([
      "after",
      expect.objectContaining({ name: "AbortError" }),
    ]);
  });
});
