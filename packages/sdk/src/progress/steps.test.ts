import { Writable } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Operation } from "../operation.ts";
import type { BuildEvent, BuildStep, StepEvent } from "./event.ts";
import type { ProgressOutput } from "./progress-output.ts";
import { renderProgress } from "./render-progress.ts";
import { widthOf } from "../screen-text.ts";

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
  {
    type: "progress",
    id: "transferring context:",
    state: "done",
    current: 1000,
    total: 1000,
    unit: "bytes",
    step: check,
  },
  log(check, "bad\nend"),
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
    "#3 transferring context: TkB Ts done",
    "#3 T bad",
    "#3 end",
    "#3 ERROR",
    "",
  ]);
});

test.each([10, 60, 200])(
  "on a terminal of %i columns: no line is too long, and ended steps stay",
  async (columns) => {
    vi.stubEnv("NO_COLOR", "1");
    const to = output({ columns, rows: 6 });
    await rendered(parallel, to, 30);
    const moves = new RegExp(`${escape}\\[\\d*[A-Z]|\\r`, "g");
    const lines = to.text().replaceAll(moves, "\n").split("\n");
    // What a step that failed has printed is whole.
    const fitted = lines.filter((line) => !line.startsWith(" => => # "));
    expect(fitted.filter((line) => widthOf(line) >= columns)).toEqual([]);
    if (columns < 60) return;
    const [, last = ""] = /.*\[0J(.*=> ERROR.*)$/s.exec(to.text()) ?? [];
    expect(to.text()).toMatch(/=> CACHED \[build 1\/3\] COPY a \//);
    expect(to.text()).toMatch(/=> \[build 2\/3\] RUN make +\d+\.\ds/);
    expect(last).toMatch(
      /=> ERROR \[other 2\/3\] RUN check +\d+\.\ds\n => => transferring context: 1\.00kB +\d+\.\ds\n => => # bad\n => => # end\n/,
    );
    expect(to.text()).toMatch(/\[\+\] Building \d\.\ds \(1\/3\)\n/);
    expect(to.text()).toMatch(/ => => transferring context: 500B \/ 1\.00kB +\d\.\ds\n/);
    expect(last).toMatch(/\[\+\] Building \d\.\ds \(3\/3\) FINISHED\n$/);
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

test("a context that comes after its step is called complete is shown on its way, and once at its end", async () => {
  const load: BuildStep = {
    id: "sha256:load",
    name: "[internal] load build context",
    number: undefined,
    total: undefined,
  };
  const sent = (state: string, current: number): BuildEvent => ({
    type: "progress",
    id: "transferring context:",
    state,
    current,
    total: undefined,
    unit: "bytes",
    step: load,
  });
  const events = [
    change(load, "started"),
    change(load, "completed"),
    sent("transferring", 5_000_000),
    sent("transferring", 25_000_000),
    sent("done", 30_000_000),
    sent("done", 30_000_000),
  ];
  vi.stubEnv("NO_COLOR", "1");
  const to = output({ columns: 60 });
  await rendered(events, to, 150);
  expect(to.text()).toMatch(/ => => transferring context: 25\.0MB +0\.\ds\n/);
  expect(to.text().match(/ => => transferring context: 30\.0MB +0\.\ds\n/g)).toHaveLength(1);
  const elsewhere = output();
  await rendered(events, elsewhere);
  expect(elsewhere.text()).toMatch(/^#1 .*\n#1 DONE 0\.0s\n#1 transferring context: 30\.0MB 0\.\ds done\n$/);
});

test("warnings are whole however narrow the terminal is", async () => {
  const to = output({ columns: 20 });
  const message = "a warning that is longer than the terminal is wide";
  await rendered([change(make, "started"), { type: "warning", message }, change(make, "completed")], to);
  expect(to.text()).toContain(`warning: ${message}\u001B[0m\n`);
});
