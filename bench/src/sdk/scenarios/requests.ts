import { clientsFor, dockerCli, FLOOR, OURS, PARSER_COST } from "../clients.ts";
import { compare, type Compared } from "../comparison.ts";
import { fakeServer, jsonAnswer } from "../fake-server.ts";

const REQUESTS = 30_000;

const CONTAINER = {
  Id: "4fa6e0f0c6786287e131c3852c58a2e01cc697a68231826813597e4994f1d6e2",
  Created: "2026-11-22T07:30:00.123456789Z",
  Path: "/bin/sh",
  Args: ["-c", "while sleep 1; do date; done"],
  State: { Status: "running", Running: true, Paused: false, OOMKilled: false, Pid: 4711, ExitCode: 0 },
  Image: "sha256:beae173ccac6ad749f76713cf4440fe3d21d1043fe616dfbe30775815d1d0f6a",
  Name: "/web",
  RestartCount: 0,
  HostConfig: { NetworkMode: "default", PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] } },
  Mounts: [{ Type: "volume", Name: "data", Destination: "/data", Driver: "local", RW: true }],
  Config: { Hostname: "4fa6e0f0c678", Tty: false, Env: ["PATH=/bin:/usr/bin"], Labels: { app: "web" } },
  NetworkSettings: { Networks: { bridge: { Gateway: "172.17.0.1", IPAddress: "172.17.0.2" } } },
};

/** Inspects of a container, 64 at a time, answered from memory. */
export async function requests(): Promise<Compared> {
  const answer = jsonAnswer(CONTAINER);
  await using server = await fakeServer(() => answer);
  return await compare({
    contenders: clientsFor("requests"),
    rounds: 5,
    parameters: { socketPath: server.socketPath, count: REQUESTS, concurrency: 64, warmUp: 5000 },
    work: { amount: REQUESTS, unit: "requests" },
    expected: { answer: { sum: REQUESTS * CONTAINER.Id.length } },
    targets: [{ of: OURS, measure: "CPU", atMost: 1 / 0.9, times: FLOOR }],
  });
}

/** A process that starts, loads the client, asks one thing and ends. */
export async function coldStart(): Promise<Compared> {
  const version = jsonAnswer({ Version: "20.10.24", ApiVersion: "1.41", MinAPIVersion: "1.12" });
  await using server = await fakeServer(() => version);
  const { socketPath } = server;
  return await compare({
    contenders: [
      { name: "a Node that does nothing", client: "none", job: "ping" },
      ...clientsFor("ping"),
      ...dockerCli(socketPath, "version --format '{{.Server.Version}}'"),
    ],
    rounds: 11,
    wholeProcess: true,
    parameters: { socketPath },
    expected: {},
    targets: [{ of: OURS, measure: "clock", atMost: 1, times: "dockerode", unmet: PARSER_COST }],
  });
}
