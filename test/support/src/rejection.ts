import { expect } from "vitest";

/** What something is rejected with. */
export function rejection(promise: PromiseLike<unknown>): PromiseLike<unknown> {
  return promise.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => error,
  );
}
