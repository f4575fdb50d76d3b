import { setTimeout as sleep } from "node:timers/promises";
import { clientsFor, dockerCli, OURS } from "../clients.ts";
import { firstLine, type Compared } from "../comparison.ts";
import { runOnce, type Contender } from "../contender.ts";
import { faultOf } from "../expected.ts";
import { fakeServer, jsonAnswer } from "../fake-server.ts";
import { table } from "../../table.ts";
import { linesOfLog } from "../traffic.ts";

/** Longer than the five minutes after which undici and `fetch` give up, unless they are told otherwise. */
const SECONDS = 320;

/** A quiet `logs --follow` is no failure: who still has the connection when the next line comes? */
export async function silence(): Promise<Compared> {
  const { pieces, bytes, sha256 } = linesOfLog(2_000_000);
  const container = jsonAnswer({ Id: "x", Config: { Tty: false }, State: { Running: true } });
  await using server = await fakeServer(({ path }) =>
    path.endsWith("/logs") ? interrupted([...pieces()]) : container,
  );
  const { socketPath } = server;
  const contenders: readonly Contender[] = [...clientsFor("logs"), ...dockerCli(socketPath, "logs x")];
  const expected = { answer: { bytes, sha256 }, printed: `${sha256}  -` };
  const outcomes = await Promise.all(
    contenders.map(async (contender) => {
      const start = performance.now();
      const fault = await runOnce(contender, { parameters: { socketPath }, limit: SECONDS + 60 }, true)
        .then((run) => faultOf(run, contender, expected, true))
        .catch(firstLine);
      return { name: contender.name, seconds: Math.round((performance.now() - start) / 1000), fault };
    }),
  );
  const rows = outcomes.map(({ name, seconds, fault }) => [
    name,
    `${seconds} s`,
    fault === undefined ? "yes" : `no: ${fault}`,
  ]);
  const ours = outcomes.find(({ name }) => name === OURS);
  const met = ours !== undefined && ours.fault === undefined;
  return {
    table: table(["", "ended after", "got all of it"], rows),
    verdicts: [{ met, text: `${OURS}: survives – ${met ? "met" : "missed"}` }],
  };
}

/** Silent before the end, which is the last piece. */
async function* interrupted(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  const half = Math.ceil(pieces.length / 2);
  yield* pieces.slice(0, half);
  await sleep(SECONDS * 1000);
  yield* pieces.slice(half);
}
