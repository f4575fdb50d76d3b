/** How much is asked of a client, and when. */
import { setTimeout as sleep } from "node:timers/promises";

/** `count` requests, `concurrency` of them at a time, when it has warmed up. `ask` gives a number to prove it right. */
export async function storm({ count, concurrency, warmUp }, timer, ask) {
  await many(warmUp, concurrency, ask);
  timer.start();
  return { sum: await many(count, concurrency, ask) };
}

async function many(count, concurrency, ask) {
  let left = count;
  let sum = 0;
  const work = async () => {
    while (left > 0) {
      left -= 1;
      const part = await ask();
      sum += part; // not in one expression, which would read the sum before it waits
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return sum;
}

/** `batches` times `batch` requests at once, when one has been made: what starting costs is measured elsewhere. */
export async function rounds({ batch, batches }, timer, ask) {
  await ask();
  timer.start();
  let sum = 0;
  for (let round = 0; round < batches; round += 1) {
    for (const part of await Promise.all(Array.from({ length: batch }, ask))) sum += part;
  }
  return { sum };
}

/** From asking for something until its event is there, in the middle of `count` times. */
export async function eventLatencies({ count, prefix }, timer, { listen, create, remove }) {
  const waiting = new Map();
  const heard = (id, action) => {
    waiting.get(`${action} ${id}`)?.();
    waiting.delete(`${action} ${id}`);
  };
  const leave = await listen(heard);
  const name = (index) => `${prefix}-${process.pid}-${index}`;
  // Until it listens, nothing is heard.
  let listening = false;
  void until(waiting, `create ${name("first")}`).then(() => (listening = true));
  while (!listening) {
    await create(name("first"));
    await sleep(20);
    await remove(name("first"));
  }
  const latencies = [];
  timer.start();
  for (let index = 0; index < count; index += 1) {
    const come = until(waiting, `create ${name(index)}`);
    const asked = performance.now();
    const created = create(name(index));
    await come;
    latencies.push(performance.now() - asked);
    await created;
    await remove(name(index));
  }
  leave();
  timer.took(latencies.toSorted((a, b) => a - b)[Math.floor(count / 2)]);
  return {};
}

function until(waiting, key) {
  return new Promise((resolve) => waiting.set(key, resolve));
}
