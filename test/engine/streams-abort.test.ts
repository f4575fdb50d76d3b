import { describe, expect, test } from "vitest";
import { Docker, type RunOptions } from "docker-engine-sdk";
import { proxyTo } from "test-support/engine-proxy";
import { engine, label } from "test-support/engine-under-test";

const docker = new Docker({ host: engine.host });
const { image } = engine;
const command = ["sh", "-c", "echo word; sleep 0.05; echo done >&2"];

/** Aborts a run when a given piece of bytes has come by. Answers what came of it, and how many pieces there were. */
async function runUntil(
  options: Partial<RunOptions>,
  piece: number,
  abort: (controller: AbortController, reason: Error) => void,
): Promise<{ outcome: unknown; reason: Error; pieces: number }> {
  const controller = new AbortController();
  const reason = new Error(`aborted at piece ${piece}`);
  let pieces = 0;
  await using proxy = await proxyTo(engine.host, Infinity, () => {
    if (pieces++ === piece) abort(controller, reason);
  });
  await using through = new Docker({ host: proxy.host });
  const { signal } = controller;
  const run = through.containers.run({ image, command, signal, ...options });
  const outcome: unknown = await run.catch((error: unknown) => error);
  await expect.poll(() => proxy.open(/attach/)).toBe(0);
  return { outcome, reason, pieces };
}

describe.each([
  ["at once", (controller: AbortController, reason: Error) => controller.abort(reason)],
  [
    "a turn later",
    (controller: AbortController, reason: Error) => void setImmediate(() => controller.abort(reason)),
  ],
])("a run aborted at every piece that is sent or received, %s", (_, abort) => {
  test.each([true, false])("leaves nothing that runs: remove %s", async (remove) => {
    const labels = { [label]: `abort-${process.pid}-${String(remove)}` };
    const filters = { label: `${label}=${labels[label]}` };
    const options = { labels, remove };
    const whole = await runUntil(options, -1, abort);
    expect(whole.outcome).toMatchObject({ stdout: "word\n", stderr: "done\n", exitCode: 0 });
    const outcomes: string[] = [];
    for (let piece = 0; ; piece++) {
      const { outcome, reason, pieces } = await runUntil(options, piece, abort);
      outcomes.push(outcome === reason ? "aborted" : "done");
      if (outcome !== reason) expect(outcome).toMatchObject({ exitCode: 0 });
      const left: unknown[] = [];
      for (const { Id } of await docker.containers.list({ all: remove, filters })) {
        // A list may be a moment older than what it lists (28.5.2).
        const { State } = await docker.containers.get(Id).inspect();
        if (remove || State.Running) left.push(State);
      }
      expect([piece, left]).toEqual([piece, []]);
      if (pieces <= piece) break;
    }
    // The last one came to its end before it would have been aborted.
    expect(outcomes[0]).toBe("aborted");
    expect(outcomes.at(-1)).toBe("done");
    await docker.containers.prune({ filters });
  });
});
