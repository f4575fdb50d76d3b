import { expect, it } from "vitest";
import { bestOrder, costOf, movedIn, type OrderedStep } from "./best-order.ts";

const step = (seconds: number, changes: bigint, needs: readonly number[] = []): OrderedStep => ({
  seconds,
  changes,
  needs,
});

it("puts what changes often last, as far as it may", () => {
  const steps = [step(1, 0b111n), step(20, 0b001n), step(10, 0b000n), step(5, 0b111n, [0, 1])];
  expect(costOf(steps, 0n)).toBe(3 + 60 + 30 + 15);
  expect(bestOrder(steps, 0n)).toEqual({ order: [2, 1, 0, 3], cost: 20 + 3 + 15 });
});

it("moves nothing that gains nothing", () => {
  const steps = [step(1, 0b1n), step(1, 0b1n), step(0, 0n), step(0, 0n)];
  expect(bestOrder(steps, 0n)?.order).toEqual([0, 1, 2, 3]);
  expect(bestOrder([step(1, 0b01n), step(9, 0n)], 0b11n)?.order).toEqual([0, 1]);
});

it("finds the cheapest of all orders that are allowed", () => {
  let state = 7;
  const next = (limit: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % limit;
  };
  for (let round = 0; round < 60; round += 1) {
    const steps = Array.from({ length: 6 }, (_, index) =>
      step(
        next(9),
        BigInt(next(64)),
        Array.from({ length: index }, (_none, one) => one).filter(() => next(3) === 0),
      ),
    );
    const below = BigInt(next(8));
    const best = bestOrder(steps, below);
    const costs = allowedOrders(steps).map((order) =>
      costOf(
        order.flatMap((index) => steps[index] ?? []),
        below,
      ),
    );
    expect(best?.cost).toBe(Math.min(...costs));
    const { order = [] } = best ?? {};
    expect(
      costOf(
        order.flatMap((index) => steps[index] ?? []),
        below,
      ),
    ).toBe(best?.cost);
    expect(allowedOrders(steps)).toContainEqual([...order]);
  }
});

it("gives up where there are too many orders", () => {
  expect(
    bestOrder(
      Array.from({ length: 30 }, () => step(1, 1n)),
      0n,
    ),
  ).toBeUndefined();
  expect(
    bestOrder(
      Array.from({ length: 100 }, () => step(1, 1n)),
      0n,
    ),
  ).toBeUndefined();
});

it("tells the fewest that were moved", () => {
  expect([...movedIn([1, 2, 3, 0])]).toEqual([0]);
  expect([...movedIn([3, 0, 1, 2])]).toEqual([3]);
  expect([...movedIn([0, 1, 2])]).toEqual([]);
});

function allowedOrders(steps: readonly OrderedStep[], taken: readonly number[] = []): number[][] {
  if (taken.length === steps.length) return [[...taken]];
  return steps.flatMap(({ needs }, index) =>
    taken.includes(index) || needs.some((one) => !taken.includes(one))
      ? []
      : allowedOrders(steps, [...taken, index]),
  );
}
