import { clientsFor, dockerCli, FLOOR, OURS } from "../clients.ts";
import { compare, type Compared, type Target } from "../comparison.ts";
import type { Contender } from "../contender.ts";
import { fakeServer, jsonAnswer, type FakeServer } from "../fake-server.ts";
import { linesOfLog, longFrames, manyFrames, progressLines, type Traffic } from "../traffic.ts";

const MB = 1_000_000;

/** The log of a container as the engine sends it: each line of 101 bytes is a frame, and an HTTP chunk. */
export function logs(): Promise<Compared> {
  return readLogs(linesOfLog(256 * MB), [
    { of: OURS, measure: "CPU", atMost: 1.1, times: FLOOR },
    { of: OURS, measure: "MB", atMost: 110 },
    { of: `${OURS}, toReadable()`, measure: "MB", atMost: 110 },
    { of: `${OURS}, lines()`, measure: "CPU", atMost: 2, times: FLOOR },
  ]);
}

/** The same lines, but many at once, and frames of two bytes among them. */
export function frames(): Promise<Compared> {
  return readLogs(manyFrames(32 * MB), [{ of: OURS, measure: "CPU", atMost: 1.1, times: FLOOR }]);
}

async function readLogs(traffic: Traffic, targets: readonly Target[]): Promise<Compared> {
  await using server = await engineWithLog(traffic);
  const { socketPath } = server;
  const ways: readonly Contender[] = [
    { name: `${OURS}, toReadable()`, client: "docker-engine-sdk", job: "pipedLogs" },
    { name: `${OURS}, lines()`, client: "docker-engine-sdk", job: "logLines" },
  ];
  return await compare({
    contenders: [
      ...clientsFor("logs", ["undici"]),
      { name: `${FLOOR}, dispatch()`, client: "undici", job: "dispatchedLogs" },
      ...clientsFor("logs", ["docker-engine-sdk"]),
      ...ways,
      ...clientsFor("logs", ["dockerode", "node-sdk"]),
      ...dockerCli(socketPath, "logs x"),
    ],
    rounds: 3,
    parameters: { socketPath },
    work: { amount: traffic.bytes / MB, unit: "MB" },
    expected: expected(traffic),
    targets,
  });
}

/** A reader that takes a megabyte and rests for 10 ms, over and over: who holds what it has not read yet? */
export async function slowReader(): Promise<Compared> {
  const traffic = longFrames(300 * MB);
  await using server = await engineWithLog(traffic);
  return await compare({
    contenders: clientsFor("slowLogs"),
    rounds: 1,
    parameters: { socketPath: server.socketPath, pause: 10, step: MB },
    expected: expected(traffic),
    targets: [{ of: OURS, measure: "MB", atMost: 110 }],
  });
}

/** The progress of a pull: JSON, a value a line, with characters of several bytes that are cut anywhere. */
export async function progress(): Promise<Compared> {
  const { pieces, events, length } = progressLines(300_000);
  await using server = await fakeServer(() => pieces());
  return await compare({
    contenders: clientsFor("progress"),
    rounds: 5,
    parameters: { socketPath: server.socketPath },
    work: { amount: events, unit: "lines" },
    expected: { answer: { events, length } },
    targets: [
      {
        of: OURS,
        measure: "CPU",
        atMost: 1.1,
        times: FLOOR,
        unmet: "each line is handed to the reader as an event of its own, where the floor only parses it",
      },
    ],
  });
}

/** It is asked for the container, too: without a terminal, its log is in frames. */
function engineWithLog(traffic: Traffic): Promise<FakeServer> {
  const container = jsonAnswer({ Id: "x", Config: { Tty: false }, State: { Running: true } });
  return fakeServer(({ path }) => (path.endsWith("/logs") ? traffic.pieces() : container));
}

function expected({ bytes, sha256 }: Traffic): Parameters<typeof compare>[0]["expected"] {
  return { answer: { bytes, sha256 }, printed: `${sha256}  -` };
}
