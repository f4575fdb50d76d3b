/** The cheapest order of steps, where each step costs its time whenever it or one above it changes. */

/** One step to be put in order. */
export interface OrderedStep {
  readonly seconds: number;
  /** A bit for each commit that changes what the step is made from. */
  readonly changes: bigint;
  /** The steps that have to stand above it, by their index; only lower ones. */
  readonly needs: readonly number[];
}

/** An order and what it costs. */
export interface Order {
  /** The indexes of the steps. */
  readonly order: readonly number[];
  /** Seconds over all commits. */
  readonly cost: number;
}

/** Sets of steps that are looked at, at most: beyond that a stage is left as it is. */
const LIMIT = 4000;
const MOST_STEPS = 52;

/** What an order costs; `below` are the commits that change what the stage is based on. */
export function costOf(steps: readonly OrderedStep[], below: bigint): number {
  let changed = below;
  let cost = 0;
  for (const { seconds, changes } of steps) {
    changed |= changes;
    cost += seconds * countOf(changed);
  }
  return cost;
}

interface State {
  readonly cost: number;
  /** How many pairs stand the other way round: among equal orders the one that moves the least is best. */
  readonly swaps: number;
  readonly changed: bigint;
  readonly taken: bigint;
  readonly last: number;
  readonly before: State | undefined;
}

/** The cheapest order, found over all sets of steps that may stand above the others; undefined if there are too many. */
export function bestOrder(steps: readonly OrderedStep[], below: bigint): Order | undefined {
  if (steps.length > MOST_STEPS) return undefined;
  let states: State[] = [{ cost: 0, swaps: 0, changed: below, taken: 0n, last: -1, before: undefined }];
  let seen = 1;
  for (let length = 0; length < steps.length; length += 1) {
    const next = new Map<bigint, State>();
    for (const state of states) {
      for (const [index, { seconds, changes, needs }] of steps.entries()) {
        if (has(state.taken, index) || needs.some((one) => !has(state.taken, one))) continue;
        const taken = state.taken | (1n << BigInt(index));
        const changed = state.changed | changes;
        const cost = state.cost + seconds * countOf(changed);
        const swaps = state.swaps + skippedBelow(state.taken, index);
        const known = next.get(taken);
        if (known !== undefined && !isBetter(cost, swaps, known)) continue;
        next.set(taken, { cost, swaps, changed, taken, last: index, before: state });
      }
    }
    states = [...next.values()];
    seen += states.length;
    if (seen > LIMIT) return undefined;
  }
  const [end] = states;
  if (end === undefined) return undefined;
  const order: number[] = [];
  for (let state: State | undefined = end; state !== undefined && state.last >= 0; state = state.before) {
    order.unshift(state.last);
  }
  return { order, cost: end.cost };
}

/** Those of an order that were moved: the fewest without which the others stand as they did. */
export function movedIn(order: readonly number[]): ReadonlySet<number> {
  const lengths: number[] = [];
  const previous: number[] = [];
  let best = -1;
  for (const [place, index] of order.entries()) {
    lengths[place] = 1;
    previous[place] = -1;
    for (let above = 0; above < place; above += 1) {
      if ((order[above] ?? 0) < index && (lengths[above] ?? 0) >= (lengths[place] ?? 0)) {
        lengths[place] = (lengths[above] ?? 0) + 1;
        previous[place] = above;
      }
    }
    if (best === -1 || (lengths[place] ?? 0) > (lengths[best] ?? 0)) best = place;
  }
  const moved = new Set(order);
  for (let place = best; place >= 0; place = previous[place] ?? -1) moved.delete(order[place] ?? -1);
  return moved;
}

function isBetter(cost: number, swaps: number, than: State): boolean {
  const gain = than.cost - cost;
  return gain > 1e-9 || (gain > -1e-9 && swaps < than.swaps);
}

function has(set: bigint, index: number): boolean {
  return ((set >> BigInt(index)) & 1n) === 1n;
}

function skippedBelow(taken: bigint, index: number): number {
  let count = 0;
  for (let one = 0; one < index; one += 1) if (!has(taken, one)) count += 1;
  return count;
}

function countOf(bits: bigint): number {
  let count = 0;
  for (const digit of bits.toString(16)) count += BITS[Number.parseInt(digit, 16)] ?? 0;
  return count;
}

const BITS = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4];
