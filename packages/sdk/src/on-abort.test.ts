import { getEventListeners } from "node:events";
import { expect, it, vi } from "vitest";
import { onAbort } from "./on-abort.ts";

it("calls everybody who still listens, once, through one listener", () => {
  const controller = new AbortController();
  const callbacks = Array.from({ length: 30 }, () => vi.fn<() => void>());
  const stops = callbacks.map((callback) => onAbort(controller.signal, callback));
  expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
  stops[0]?.();
  stops[0]?.();
  controller.abort();
  controller.abort();
  expect(callbacks.map((callback) => callback.mock.calls.length)).toEqual([0, ...Array<number>(29).fill(1)]);
});

it("leaves no listener when the last has stopped, and listens again for the next", () => {
  const { signal } = new AbortController();
  const callback = vi.fn<() => void>();
  const stops = [onAbort(signal, callback), onAbort(signal, callback)];
  for (const stop of stops) stop();
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
  onAbort(signal, callback);
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
});

it("may be stopped by another callback, and without a signal does nothing", () => {
  const controller = new AbortController();
  let stop = (): void => undefined;
  const seen: string[] = [];
  onAbort(controller.signal, () => {
    seen.push("first");
    stop();
  });
  stop = onAbort(controller.signal, () => seen.push("second"));
  controller.abort();
  expect(seen).toContain("first");
  onAbort(undefined, () => seen.push("never"))();
  expect(seen).not.toContain("never");
});
