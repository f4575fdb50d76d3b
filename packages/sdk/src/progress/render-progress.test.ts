import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Operation } from "../operation.ts";
import type { BuildEvent, BuildStep } from "./event.ts";
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
  const size = terminal && { isTTY: true, rows: 24, ...terminal };
  return Object.assign(stream, size, { text: () => text });
}

function operation<Result>(
  events: readonly BuildEvent[],
  end: () => Result,
  pause = false,
): Operation<BuildEvent, Result> {
  return new Operation(async function* () {
    for (const event of events) {
      yield event;
      // Longer than the time between two drawings; see `inSteps`.
      if (pause) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return end();
  });
}

/** Renders by a clock of its own, so that each event of an operation that pauses is drawn, however busy the machine is. */
async function inSteps(rendering: () => Promise<unknown>): Promise<void> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    let over = false;
    const rendered = rendering().finally(() => (over = true));
    while (!over) await vi.advanceTimersByTimeAsync(10);
    await rendered;
  } finally {
    vi.useRealTimers();
  }
}

const part = (id: string, state: string, current?: number, total?: number): BuildEvent => ({
  type: "progress",
  id,
  state,
  current,
  total,
  unit: "bytes",
});
const step: BuildStep = { id: "2", name: "RUN make\nmore", number: 2, total: 3 };

const escape = "\u001B";

/** What a terminal shows of this text, escape sequences carried out. */
function screen(text: string): string[] {
  const rows = [""];
  let row = 0;
  for (const [token] of text.matchAll(new RegExp(`${escape}\\[\\d*[A-Za-z]|[^]`, "g"))) {
    if (token === "\n") {
      row += 1;
      rows[row] ??= "";
    } else if (token === "\r") {
      // Every row is drawn from its start after a move.
    } else if (token.startsWith("\u001B")) {
      if (token.endsWith("A")) row -= Number(token.slice(2, -1));
      else if (token === "\u001B[0J") rows.splice(row, rows.length, "");
      else if (!token.endsWith("m"))
        throw new Error(`not a sequence that is drawn with: ${JSON.stringify(token)}`);
      if (row < 0) throw new Error("the cursor was moved above what was drawn");
    } else {
      rows[row] += token;
    }
  }
  return rows.slice(0, -1);
}

beforeEach(() => {
  vi.stubEnv("TERM", "xterm");
  vi.stubEnv("NO_COLOR", "1");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const transfer = [
  { type: "status", message: "1: Pulling from a" },
  part("aaa", "Pulling fs layer"),
  part("bbb", "Pulling fs layer"),
  part("aaa", "Downloading", 10_000, 20_000),
  part("aaa", "Downloading", 20_000, 20_000),
  part("aaa", "Pull complete"),
  part("bbb", "Pull complete"),
  { type: "status", message: "Status: Downloaded newer image for a:1" },
] satisfies BuildEvent[];

const build = [
  { type: "step", state: "started", step, image: undefined },
  { type: "log", step, stream: "stdout", text: "one\ntw" },
  { type: "log", step, stream: "stderr", text: "warn" },
  { type: "log", step, stream: "stdout", text: "o\n10%\r99%\n\u001B[31mred\u001B[0m\u001B[2J\ttab\u0007\n" },
  { type: "warning", message: "old syntax" },
  { type: "step", state: "failed", step, image: undefined },
] satisfies BuildEvent[];
const buildLines = [
  "[2/3] RUN make",
  "  one",
  "  two",
  "  99%",
  "  red    tab",
  "warning: old syntax",
  "  warn",
  "[2/3] failed: RUN make",
];

describe("plain lines", () => {
  test("a transfer: each state of a part once, no percentages", async () => {
    const file = output();
    expect(
      await renderProgress(
        operation(transfer, () => "result"),
        file,
      ),
    ).toBe("result");
    expect(file.text().split("\n")).toEqual([
      "1: Pulling from a",
      "aaa: Pulling fs layer",
      "bbb: Pulling fs layer",
      "aaa: Downloading",
      "aaa: Pull complete",
      "bbb: Pull complete",
      "Status: Downloaded newer image for a:1",
      "",
    ]);
  });

  test("a build: steps and whole lines of output, nothing that moves a cursor", async () => {
    const file = output();
    await renderProgress(
      operation(build, () => 1),
      file,
    );
    expect(file.text()).toBe(`${buildLines.join("\n")}\n`);
  });

  test("also on a terminal that can do nothing else", async () => {
    vi.stubEnv("TERM", "dumb");
    const terminal = output({ columns: 80 });
    await renderProgress(
      operation(transfer, () => 1),
      terminal,
    );
    expect(terminal.text()).not.toContain("\u001B");
  });

  test("output without a line end is shown at the end", async () => {
    const file = output();
    await renderProgress(
      operation(build.slice(0, 2), () => 1),
      file,
    );
    expect(file.text()).toBe("[2/3] RUN make\n  one\n  tw\n");
  });
});

describe("a terminal", () => {
  test("one row for each part, drawn over; the last state stays", async () => {
    const terminal = output({ columns: 80 });
    await inSteps(() =>
      renderProgress(
        operation(transfer, () => 1, true),
        terminal,
      ),
    );
    expect(screen(terminal.text())).toEqual([
      "1: Pulling from a",
      "Status: Downloaded newer image for a:1",
      "aaa: Pull complete",
      "bbb: Pull complete",
    ]);
    expect(terminal.text()).toContain("aaa: Downloading");
    expect(terminal.text()).toMatch(/\[=+> +\] 10\.0kB\/20\.0kB/);
  });

  test("many events are few drawings", async () => {
    const terminal = output({ columns: 80 });
    const events = Array.from({ length: 10_000 }, (_, n) => part("a", "Pushing", n, 9_999));
    await renderProgress(
      operation(events, () => 1),
      terminal,
    );
    expect(terminal.text().split("\n").length).toBeLessThan(200);
    expect(screen(terminal.text())).toHaveLength(1);
    expect(terminal.text()).toContain("] 10.0kB/10.0kB");
  });

  test("a build reads the same as in a file", async () => {
    const terminal = output({ columns: 80 });
    await inSteps(() =>
      renderProgress(
        operation(build, () => 1, true),
        terminal,
      ),
    );
    expect(screen(terminal.text())).toEqual(buildLines);
  });

  test("the rows of a pull stay above the next step", async () => {
    const terminal = output({ columns: 80 });
    await inSteps(() =>
      renderProgress(
        operation([...transfer.slice(1, 7), ...build.slice(0, 1)], () => 1, true),
        terminal,
      ),
    );
    expect(screen(terminal.text())).toEqual(["aaa: Pull complete", "bbb: Pull complete", "[2/3] RUN make"]);
  });

  test.each([1, 2, 5, 12, 20, 40, 60, 79, 200])("no row is wider than %i columns", async (columns) => {
    const terminal = output({ columns });
    const events = [
      part("0123456789ab", "Downloading", 5e6, 1e9),
      part("図層", "抽出中", 5e6, 1e9),
      part("0123456789ac", "Extracting", 5),
      part("0123456789ad", "Mounted from library/something-with-a-long-name"),
    ];
    await renderProgress(
      operation(events, () => 1),
      terminal,
    );
    for (const row of screen(terminal.text())) expect(widthOf(row)).toBeLessThan(Math.max(columns, 2));
  });

  test("more parts than rows: what is drawn over still fits", async () => {
    const rows = 5;
    const terminal = output({ columns: 80, rows });
    const events = Array.from({ length: 12 }, (_, n) => part(`p${n}`, n % 2 === 0 ? "Pushed" : "Pushing"));
    await inSteps(() =>
      renderProgress(
        operation(events, () => 1, true),
        terminal,
      ),
    );
    const ups = [...terminal.text().matchAll(new RegExp(`${escape}\\[(\\d+)A`, "g"))].map(([, count]) =>
      Number(count),
    );
    expect(Math.max(...ups)).toBeLessThan(rows);
    expect(terminal.text()).toContain("more");
    expect(screen(terminal.text()).slice(-12)).toEqual(
      Array.from({ length: 12 }, (_, n) => `p${n}: ${n % 2 === 0 ? "Pushed" : "Pushing"}`),
    );
  });

  test("a terminal without a size is taken for one of the usual size", async () => {
    const events = Array.from({ length: 12 }, (_, n) => part(`p${n}`, "Pushing", 5e6, 1e9));
    const drawn = async (size: { columns: number; rows: number }): Promise<string> => {
      const terminal = output(size);
      await inSteps(() =>
        renderProgress(
          operation(events, () => 1, true),
          terminal,
        ),
      );
      return terminal.text();
    };
    const usual = await drawn({ columns: 80, rows: 24 });
    expect(usual).toContain("p11: Pushing");
    expect(await drawn({ columns: 0, rows: 0 })).toBe(usual);
  });

  test("colours unless NO_COLOR is set", async () => {
    const coloured = output({ columns: 80 });
    vi.stubEnv("NO_COLOR", "");
    await renderProgress(
      operation(build, () => 1),
      coloured,
    );
    expect(coloured.text()).toContain("\u001B[33mwarning: old syntax\u001B[0m");
    const plain = output({ columns: 80 });
    vi.stubEnv("NO_COLOR", "1");
    await renderProgress(
      operation(build, () => 1),
      plain,
    );
    expect(plain.text()).not.toMatch(new RegExp(`${escape}\\[\\d+m`));
  });

  test("nothing is drawn after the end", async () => {
    const terminal = output({ columns: 80 });
    await renderProgress(
      operation(transfer.slice(0, 3), () => 1),
      terminal,
    );
    const { length } = terminal.text();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(terminal.text()).toHaveLength(length);
  });
});

describe("a failure", () => {
  test.each([undefined, { columns: 80 }])("is thrown as it is, after what was seen: %o", async (terminal) => {
    const reason = new Error("broke");
    const stream = output(terminal);
    const failing = operation(build.slice(0, 2), () => {
      throw reason;
    });
    await expect(renderProgress(failing, stream)).rejects.toBe(reason);
    expect(screen(stream.text())).toEqual(["[2/3] RUN make", "  one", "  tw"]);
  });

  test("of the output ends nothing but the drawing", async () => {
    const closed = output();
    (closed as unknown as Writable).on("error", () => undefined).destroy(); // it is one
    expect(
      await renderProgress(
        operation(transfer, () => "result"),
        closed,
      ),
    ).toBe("result");
  });
});

describe("plain JavaScript is told what to give", () => {
  const pull = (): Operation<BuildEvent, string> => operation([], () => "image");

  test("an operation, and not what came of it", async () => {
    const awaited = { id: "busybox" } as unknown as Operation<BuildEvent, string>;
    await expect(renderProgress(awaited)).rejects.toThrow(
      new TypeError(
        'Argument "operation" of renderProgress() must be an operation that is not awaited yet, such as docker.images.pull("busybox"), not an object.',
      ),
    );
  });

  test.each([{ output: process.stderr }, "stderr", null])("a stream, and not %o", async (given) => {
    const rendering = renderProgress(pull(), given as unknown as ProgressOutput);
    await expect(rendering).rejects.toThrow(TypeError);
    await expect(rendering).rejects.toThrow(
      /"output" of renderProgress\(\) must be a stream such as process/,
    );
  });
});
