import { describe, expect, it, vi } from "vitest";
import { BatchIterator } from "./batch-iterator.ts";

const last = Symbol("last");
type Step = readonly number[] | Error | typeof last;

/** An iterator whose batches are these; after a batch with `last` behind it comes nothing more. */
function over(steps: readonly Step[]): {
  values: BatchIterator<number>;
  close: ReturnType<typeof vi.fn<() => void>>;
} {
  const close = vi.fn<() => void>();
  const queue = [...steps];
  const values = new BatchIterator<number>(async (batch) => {
    await Promise.resolve();
    const step = queue.shift() ?? last;
    if (step === last) return false;
    if (step instanceof Error) throw step;
    batch.push(...step);
    return true;
  }, close);
  return { values, close };
}

async function all(values: AsyncIterable<number>): Promise<unknown[]> {
  const seen: unknown[] = [];
  try {
    for await (const value of values) seen.push(value);
  } catch (error) {
    seen.push(error);
  }
  return seen;
}

const error = new Error("broken");

describe("BatchIterator", () => {
  it.each<[string, readonly Step[], readonly unknown[]]>([
    ["nothing", [], []],
    ["batches, some of them empty", [[1, 2], [], [3]], [1, 2, 3]],
    ["an error after values", [[1, 2], error], [1, 2, error]],
    ["an error at once", [error], [error]],
  ])("gives %s", async (_, steps, expected) => {
    const { values, close } = over(steps);
    expect(await all(values)).toEqual(expected);
    expect(close).toHaveBeenCalledOnce();
    expect(await values.next()).toEqual({ done: true, value: undefined });
  });

  it("gives the values of a batch before the error or the end in the same batch", async () => {
    const broken = new BatchIterator<number>(
      async (batch) => {
        batch.push(1, 2);
        throw error;
      },
      () => undefined,
    );
    expect(await all(broken)).toEqual([1, 2, error]);
    const ended = new BatchIterator<number>(
      async (batch) => {
        batch.push(1, 2);
        return false;
      },
      () => undefined,
    );
    expect(await all(ended)).toEqual([1, 2]);
  });

  it("gives each of several calls at a time its own value, in order", async () => {
    const { values, close } = over([[1, 2], [3], [], [4, 5, 6]]);
    const calls = Array.from({ length: 8 }, () => values.next());
    await calls[0];
    const later = [values.next(), values.next()];
    const results = await Promise.all([...calls, ...later]);
    expect(results.map((result) => result.value)).toEqual([1, 2, 3, 4, 5, 6, ...Array(4).fill(undefined)]);
    expect(close).toHaveBeenCalledOnce();
  });

  it("closes when it is left early, and gives nothing after", async () => {
    const { values, close } = over([[1, 2, 3]]);
    for await (const _ of values) break;
    expect(close).toHaveBeenCalledOnce();
    expect(await all(values)).toEqual([]);
    expect(close).toHaveBeenCalledOnce();
  });

  it("leaves without waiting for a batch that may never come, and drops one that comes or fails late", async () => {
    const endings: readonly ((batch: number[]) => boolean)[] = [
      (batch) => batch.push(1) > 0,
      () => {
        throw error;
      },
    ];
    for (const ending of endings) {
      let settle = (): void => undefined;
      const late = new Promise<void>((resolve) => (settle = resolve));
      const close = vi.fn<() => void>();
      const values = new BatchIterator<number>(async (batch) => {
        await late;
        return ending(batch);
      }, close);
      const pending = values.next();
      expect(await values.return()).toEqual({ done: true, value: undefined });
      expect(close).toHaveBeenCalledOnce();
      settle();
      expect(await pending).toEqual({ done: true, value: undefined });
    }
  });
});
