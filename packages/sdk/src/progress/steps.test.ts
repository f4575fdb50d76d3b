import { Writable } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Operation } from "../operation.ts";
import type { BuildEvent, BuildStep, StepEvent } from "./event.ts";
import type { ProgressOutput } from "./progress-output.ts";
import { renderProgress } from "./render-progress.ts";
import { widthOf } from "./screen-text.ts";

function output(terminal?: { columns: number; rows?: number }): ProgressOutput & { text: () => string } {
  let text = "";
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      text += chunk.toString();
      done();
    },
  });
  return Object.assign(stream, terminal && { isTTY: true, rows: 24, ...terminal }, { text: () => text });
}

function step(name: string, number: number, stage = "build"): BuildStep {
  return { id: `sha256:${name}${stage}`, name, number, total: 3, stage };
}

function change(of: BuildStep, state: StepEvent["state"]): BuildEvent {
  return { type: "step", state, step: of, image: undefined };
}

const escape = "\u001B";
const log = (of: BuildStep, text: string): BuildEvent => ({ type: "log", step: of, stream: "stdout", text });

const make = step("RUN make", 2);
const check = step("RUN check", 2, "other");
const copy = step("COPY a /", 1);
const parallel: BuildEvent[] = [
  change(copy, "started"),
  change(copy, "cached"),
  change(make, "started"),
  change(check, "started"),
  log(make, "one\ntwo\nhal"),
  {
    type: "progress",
    id: "transferring context:",
    state: "transferring",
    current: 500,
    total: 1000,
    unit: "bytes",
    step: check,
  },
  log(make, "f\n"),
  change(make, "completed"),
  log(check, "bad\n"),
  change(check, "failed"),
];

async function rendered(events: readonly BuildEvent[], to: ProgressOutput, pause = 0): Promise<unknown> {
  const operation = new Operation<BuildEvent, string>(async function* () {
    for (const event of events) {
      yield event;
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return "done";
  });
  return await renderProgress(operation, to);
}

beforeEach(() => {
  vi.stubEnv("TERM", "xterm");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test("elsewhere than on a terminal: numbered lines", async () => {
  const to = output();
  expect(await rendered(parallel, to)).toBe("done");
  const text = to.text().replaceAll(/\d+\.\d+/g, "T");
  expect(text.split("\n")).toEqual([
    "#1 [build 1/3] COPY a /",
    "#1 CACHED",
    "#2 [build 2/3] RUN make",
    "#3 [other 2/3] RUN check",
    "#2 T one",
    "#2 T two",
    "#2 T half",
    "#2 DONE Ts",
    "#3 T bad",
    "#3 ERROR",
    "",
  ]);
});

test.each([10, 40, 200])(
  "on a terminal of %i columns: no line is too long, and ended steps stay",
  async (columns) => {
    vi.stubEnv("NO_COLOR", "1");
    const to = output({ columns, rows: 6 });
    await rendered(parallel, to, 30);
    const moves = new RegExp(`${escape}\\[\\d*[A-Z]|\\r`, "g");
    const lines = to.text().replaceAll(moves, "\n").split("\n");
    expect(lines.every((line) => widthOf(line) < columns)).toBe(true);
    if (columns < 40) return;
    const last = to.text().slice(to.text().lastIndexOf("\u001B[0J"));
    expect(to.text()).toMatch(/=> CACHED \[build 1\/3\] COPY a \//);
    expect(to.text()).toMatch(/=> \[build 2\/3\] RUN make +\d+\.\ds/);
    expect(last).toMatch(/=> ERROR \[other 2\/3\] RUN check +\d+\.\ds\n => => # bad\n$/);
  },
);

test("colours on a terminal, none with NO_COLOR", async () => {
  const coloured = output({ columns: 60 });
  await rendered(parallel, coloured);
  expect(coloured.text()).toContain("\u001B[31m => ERROR");
  vi.stubEnv("NO_COLOR", "1");
  const plain = output({ columns: 60 });
  await rendered(parallel, plain);
  expect(plain.text()).not.toContain("\u001B[31m");
});

test("output cannot move the cursor", async () => {
  const to = output({ columns: 60 });
  await rendered([change(make, "started"), log(make, "\u001B[2Jevil\u0007\n"), change(make, "failed")], to);
  expect(to.text()).toContain("=> => # evil");
  expect(to.text()).not.toContain("\u001B[2J");
});
