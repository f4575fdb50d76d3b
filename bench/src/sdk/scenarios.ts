/** The scenarios that compare docker-engine-sdk with other clients. */
import type { Scenario, Stage } from "../scenario.ts";
import { clientVersions } from "./clients.ts";
import type { Compared } from "./comparison.ts";
import { build, context } from "./scenarios/builds.ts";
import { attach, events, exec, inspects } from "./scenarios/containers.ts";
import { load, pull, push, save } from "./scenarios/images.ts";
import { frames, logs, progress, slowReader } from "./scenarios/logs.ts";
import { coldStart, requests } from "./scenarios/requests.ts";
import { silence } from "./scenarios/silence.ts";

export const sdkScenarios: Readonly<Record<string, Scenario>> = {
  requests: scenario(
    "Short calls",
    "30,000 inspects of a container, 64 at a time, answered from memory:",
    requests,
  ),
  inspects: scenario(
    "200 inspects at once",
    "Five times 200 inspects at once, on a real engine, by a process that has asked one thing before:",
    inspects,
  ),
  cold: scenario("Cold start", "A process that loads the client, pings, and ends:", coldStart),
  logs: scenario(
    "Logs",
    "256 MB of lines of 101 bytes, each a frame and an HTTP chunk as the engine sends them, from memory:",
    logs,
  ),
  frames: scenario(
    "Logs, many frames at once",
    "32 MB of the same lines in chunks of 64 KiB, and frames of two bytes among them:",
    frames,
  ),
  "slow-reader": scenario(
    "A slow reader",
    "300 MB of log, in frames of 16 KiB, for a reader that rests for 10 ms after each; what matters is the memory:",
    slowReader,
  ),
  progress: scenario(
    "Progress",
    "300,000 lines of a pull's progress, characters of several bytes cut anywhere, from memory:",
    progress,
  ),
  context: scenario(
    "A build context",
    "512 MB, half of it ignored, to an engine that only reads; programs with their start, clients without:",
    context,
  ),
  build: scenario(
    "A build",
    "96 MB, half of it ignored, copied into an image by a real engine's classic builder; programs with their start, clients without:",
    build,
  ),
  attach: scenario(
    "64 MiB through attach",
    "Into a container's `cat` and out again, on a real engine:",
    attach,
  ),
  exec: scenario("64 MiB through exec", "Into an exec of `cat` and out again, on a real engine:", exec),
  save: scenario(
    "Saving an image",
    "300 MB from a real engine; programs with their start, clients without:",
    save,
  ),
  load: scenario(
    "Loading an image",
    "The same 300 MB from a file; programs with their start, clients without:",
    load,
  ),
  push: scenario("Pushing", "8 MB to a registry beside a real engine:", push),
  pull: scenario("Pulling", "The same 8 MB back:", pull),
  events: scenario(
    "Events",
    "From the request for a volume until its event is there, on a real engine; the middle of 50:",
    events,
  ),
  silence: {
    ...scenario(
      "Silence",
      "A megabyte of a log, 320 seconds of silence, and another megabyte; all clients at once:",
      silence,
    ),
    onlyByName: true,
  },
};

function scenario(title: string, text: string, run: (stage: Stage) => Promise<Compared>): Scenario {
  return {
    title,
    versions: clientVersions,
    async run(stage) {
      const { table, verdicts } = await run(stage);
      const targets = verdicts.map((verdict) => `- ${verdict.text}`);
      return { body: [text, table, targets.join("\n")].filter((part) => part !== "").join("\n\n"), verdicts };
    },
  };
}
