import { execFile } from "node:child_process";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { ConflictError } from "./errors.ts";
import { Operation } from "./operation.ts";
import { EventBatch } from "./work.ts";

interface Recorded {
  started: number;
  cleaned: number;
  signal?: AbortSignal;
}

/** Yields 1, 2, 3 and returns "done". */
function counting(record: Recorded, signal?: AbortSignal): Operation<number, string> {
  return new Operation(async function* (inner) {
    record.started++;
    record.signal = inner;
    try {
      for (const value of [1, 2, 3]) {
        await setImmediate();
        inner.throwIfAborted();
        yield value;
      }
      return "done";
    } finally {
      await setImmediate();
      record.cleaned++;
    }
  }, signal);
}

/** Yields 1 and then waits until it is aborted. */
function waiting(record: Recorded, signal?: AbortSignal): Operation<number, string> {
  return new Operation(async function* (inner) {
    record.started++;
    record.signal = inner;
    try {
      yield 1;
      await new Promise((_, reject) => inner.addEventListener("abort", () => reject(new Error("wire cut"))));
      return "never";
    } finally {
      record.cleaned++;
    }
  }, signal);
}

function failing(error: unknown): Operation<number, string> {
  return new Operation<number, string>(async function* () {
    yield 1;
    throw error;
  });
}

const fresh = (): Recorded => ({ started: 0, cleaned: 0 });

async function events<E>(operation: AsyncIterable<E>): Promise<E[]> {
  const seen: E[] = [];
  for await (const event of operation) seen.push(event);
  return seen;
}

async function thrownBy(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("an operation that succeeds", () => {
  it("gives its result when it is only awaited, as often as it is awaited", async () => {
    const record = fresh();
    const operation = counting(record);
    expect([await operation, await operation]).toEqual(["done", "done"]);
    expect(record).toMatchObject({ started: 1, cleaned: 1 });
  });

  it("gives its events and then its result", async () => {
    const record = fresh();
    const operation = counting(record);
    expect(await events(operation)).toEqual([1, 2, 3]);
    expect(await operation).toBe("done");
    expect(record.started).toBe(1);
  });

  it("gives both when it is awaited and iterated in the same turn, in either order", async () => {
    const first = counting(fresh());
    expect(await Promise.all([events(first), first])).toEqual([[1, 2, 3], "done"]);
    const second = counting(fresh());
    expect(await Promise.all([second, events(second)])).toEqual(["done", [1, 2, 3]]);
  });

  it("does nothing, and holds nothing, when nobody reads it", async () => {
    const record = fresh();
    const controller = new AbortController();
    const listen = vi.spyOn(controller.signal, "addEventListener");
    counting(record, controller.signal);
    await setImmediate();
    controller.abort();
    expect(record.started).toBe(0);
    expect(listen).not.toHaveBeenCalled();
  });

  it("stops listening to the caller's signal when it is over", async () => {
    const controller = new AbortController();
    const listen = vi.spyOn(controller.signal, "addEventListener");
    const unlisten = vi.spyOn(controller.signal, "removeEventListener");
    await counting(fresh(), controller.signal);
    expect(listen).toHaveBeenCalledOnce();
    expect(unlisten.mock.calls[0]?.[1]).toBe(listen.mock.calls[0]?.[1]);
  });

  it("has catch and finally, as a promise has", async () => {
    const finished = vi.fn<() => void>();
    expect(await counting(fresh()).finally(finished)).toBe("done");
    expect(finished).toHaveBeenCalledOnce();
    expect(await failing("why").catch((error: unknown) => error)).toBe("why");
  });

  it("gives its events once", async () => {
    const operation = counting(fresh());
    const iterator = operation[Symbol.asyncIterator]();
    expect(() => operation[Symbol.asyncIterator]()).toThrow(TypeError);
    await iterator.return?.();

    const awaited = counting(fresh());
    await awaited;
    expect(() => awaited[Symbol.asyncIterator]()).toThrow(TypeError);
  });
});

describe("an operation that fails", () => {
  it.each([new Error("broken"), "a string", undefined])("throws the same %s both ways", async (error) => {
    const operation = failing(error);
    expect(await thrownBy(events(operation))).toBe(error);
    expect(await thrownBy(operation)).toBe(error);
    expect(await thrownBy(failing(error))).toBe(error);
  });

  it.each([
    [
      "iterated, the error caught",
      "try { for await (const _ of op); } catch { process.stdout.write('caught') }",
    ],
    ["left at once", "for await (const _ of op) break; process.stdout.write('caught')"],
    [
      "aborted between events",
      "const i = op[Symbol.asyncIterator](); await i.next(); op.abort(); process.stdout.write('caught')",
    ],
    ["never read", "process.stdout.write('caught')"],
  ])("is no unhandled rejection when it is %s", async (_, code) => {
    const module = new URL("./operation.ts", import.meta.url).href;
    const script = `
      import { Operation } from ${JSON.stringify(module)};
      const op = new Operation(async function* () { yield 1; throw new Error("broken"); });
      ${code}
    `;
    const run = promisify(execFile)(process.execPath, [
      "--import=tsx",
      "--unhandled-rejections=strict",
      "--input-type=module",
      "--eval",
      script,
    ]);
    expect(await run).toEqual({ stdout: "caught", stderr: "" });
  });
});

describe("leaving the loop", () => {
  it("aborts the work, lets it clean up, and awaiting then throws an AbortError", async () => {
    const record = fresh();
    const operation = counting(record);
    for await (const event of operation) if (event === 2) break;
    expect(record).toMatchObject({ started: 1, cleaned: 1 });
    expect(record.signal?.aborted).toBe(true);
    expect(await thrownBy(operation)).toMatchObject({ name: "AbortError" });
  });

  it("keeps the error of the loop's body", async () => {
    const record = fresh();
    const operation = counting(record);
    const body = async (): Promise<void> => {
      for await (const _ of operation) throw new Error("of the body");
    };
    expect(await thrownBy(body())).toMatchObject({ message: "of the body" });
    expect(record.cleaned).toBe(1);
  });

  it("does not throw what fails while cleaning up", async () => {
    const operation = new Operation<number, string>(async function* () {
      try {
        yield 1;
        return "never";
      } finally {
        // oxlint-disable-next-line no-unsafe-finally -- the very case
        throw new Error("of the clean-up");
      }
    });
    for await (const _ of operation) break;
    expect(await thrownBy(operation)).toMatchObject({ name: "AbortError" });
  });

  it("settles an operation whose loop never began", async () => {
    const record = fresh();
    const operation = counting(record);
    await operation[Symbol.asyncIterator]().return?.();
    expect(await thrownBy(operation)).toMatchObject({ name: "AbortError" });
    expect(record.started).toBe(0);
  });
});

describe.each([
  new Error("enough"),
  "enough",
  0,
  null,
  { code: 7 },
  new DOMException("late", "TimeoutError"),
])("aborting with %o", (reason) => {
  it("before the start begins nothing", async () => {
    const record = fresh();
    expect(await thrownBy(counting(record, AbortSignal.abort(reason)))).toBe(reason);
    expect(await thrownBy(events(counting(record, AbortSignal.abort(reason))))).toBe(reason);
    const own = counting(record);
    own.abort(reason);
    expect(await thrownBy(own)).toBe(reason);
    expect(record.started).toBe(0);
  });

  it("during the work throws the reason, not what broke", async () => {
    const record = fresh();
    const controller = new AbortController();
    const operation = waiting(record, controller.signal);
    const seen = thrownBy(events(operation));
    await setImmediate();
    controller.abort(reason);
    expect(await seen).toBe(reason);
    expect(await thrownBy(operation)).toBe(reason);
    expect(record.cleaned).toBe(1);
  });

  it("between two events cleans up at once, and awaiting does not wait for the loop", async () => {
    const record = fresh();
    const operation = waiting(record);
    const iterator = operation[Symbol.asyncIterator]();
    await iterator.next();
    operation.abort(reason);
    expect(await thrownBy(operation)).toBe(reason);
    expect(await thrownBy(iterator.next())).toBe(reason);
    await setImmediate();
    expect(record.cleaned).toBe(1);
  });
});

it("aborting after the end changes nothing", async () => {
  const controller = new AbortController();
  const operation = counting(fresh(), controller.signal);
  await operation;
  controller.abort();
  operation.abort();
  expect(await operation).toBe("done");
});

describe("events that came at once", () => {
  const batched = (record: Recorded, signal?: AbortSignal): Operation<number, string> =>
    new Operation<number, string>(async function* () {
      try {
        yield new EventBatch([]);
        yield new EventBatch([1, 2, 3]);
        yield 4;
        yield new EventBatch([5]);
        return "done";
      } finally {
        record.cleaned++;
      }
    }, signal);

  it("are handed out one by one, in order", async () => {
    const operation = batched(fresh());
    expect(await events(operation)).toEqual([1, 2, 3, 4, 5]);
    expect(await operation).toBe("done");
  });

  it("are handed out in order when many are asked for at once", async () => {
    const iterator = batched(fresh())[Symbol.asyncIterator]();
    const asked = await Promise.all(Array.from({ length: 7 }, () => iterator.next()));
    expect(asked).toEqual([
      ...[1, 2, 3, 4, 5].map((value) => ({ done: false, value })),
      { done: true, value: "done" },
      { done: true, value: undefined },
    ]);
  });

  it("do not come any more after an abort between two of them", async () => {
    const record = fresh();
    const controller = new AbortController();
    const operation = batched(record, controller.signal);
    const iterator = operation[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: 1 });
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(iterator.next()).rejects.toBe(reason);
    await expect(operation).rejects.toBe(reason);
    expect(record.cleaned).toBe(1);
  });

  it("come before the error that followed them", async () => {
    const error = new Error("broken");
    const operation = new Operation<number, string>(async function* () {
      yield new EventBatch([1, 2]);
      throw error;
    });
    const seen: number[] = [];
    await expect(
      (async () => {
        for await (const event of operation) seen.push(event);
      })(),
    ).rejects.toBe(error);
    expect(seen).toEqual([1, 2]);
  });

  it("are passed over by who only awaits the result", async () => {
    expect(await batched(fresh())).toBe("done");
  });
});

describe("the stack of an error", () => {
  const refused = (): Operation<number, string> => failing(new ConflictError("taken", { status: 409 }));

  // The work runs outside of the caller's stack.
  async function awaitHere(): Promise<void> {
    await refused();
  }
  async function iterateHere(): Promise<void> {
    for await (const _ of refused());
  }
  it.each([awaitHere, iterateHere])("says whose operation it was: %o", async (caller) => {
    const { stack } = (await thrownBy(caller())) as Error;
    expect(stack).toMatch(/^ConflictError: taken\n +at /);
    expect(stack).toContain(`at ${caller.name} `);
  });

  it("may be something else, by the program's own Error.prepareStackTrace", async () => {
    const before = Reflect.get(Error, "prepareStackTrace");
    Error.prepareStackTrace = (_, sites) => sites;
    try {
      expect(await thrownBy(refused())).toBeInstanceOf(ConflictError);
    } finally {
      Reflect.set(Error, "prepareStackTrace", before);
    }
  });

  it("stays as it is where the error is the caller's own", async () => {
    const reason = new Error("mine");
    const { stack } = reason;
    expect(await thrownBy(failing(reason))).toBe(reason);
    const refusal = new ConflictError("taken", { status: 409 });
    const before = refusal.stack;
    expect(await thrownBy(waiting(fresh(), AbortSignal.abort(refusal)))).toBe(refusal);
    expect([reason.stack, refusal.stack]).toEqual([stack, before]);
  });
});
