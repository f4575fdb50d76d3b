import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { SSH } from "../../generated/buildkit/ssh_pb.ts";
import { GrpcError, grpcCodes } from "../grpc/grpc-error.ts";
import { duplex, unary, type DuplexCall, type Route } from "../grpc/route.ts";
import type { DescMessage } from "@bufbuild/protobuf";

/** Opens a connection to an agent. */
export type AgentConnector = () => Duplex;

/** Agents by id; a mount without one has the id `default`. */
export function sshAgents(agents: ReadonlyMap<string, AgentConnector>): readonly Route[] {
  const find = (id: string): AgentConnector => {
    const agent = agents.get(id === "" ? "default" : id);
    if (agent === undefined)
      throw new GrpcError(grpcCodes.unknown, `there is no ssh agent "${id || "default"}"`);
    return agent;
  };
  return [
    unary(SSH.method.checkAgent, async ({ id }) => {
      find(id);
      return {};
    }),
    duplex(SSH.method.forwardAgent, async (call) => {
      const agent = find(call.metadata.first("buildkit.ssh.id") ?? "")();
      try {
        toAgent(call.requests, agent).catch((error: unknown) => agent.destroy(error as Error)); // streams throw errors
        await fromAgent(agent, call);
      } finally {
        agent.destroy();
      }
    }),
  ];
}

/** Connects to an agent's socket. */
export function agentSocket(path: string): Socket {
  return connect({ path, allowHalfOpen: true });
}

async function toAgent(requests: AsyncIterable<{ data: Uint8Array }>, agent: Duplex): Promise<void> {
  for await (const { data } of requests) {
    if (!agent.write(data)) await once(agent, "drain");
  }
  agent.end();
}

async function fromAgent<Input extends DescMessage>(
  agent: Duplex,
  { send }: DuplexCall<Input, typeof SSH.method.forwardAgent.output>,
): Promise<void> {
  const chunks: AsyncIterable<Uint8Array> = agent;
  for await (const data of chunks) await send({ data });
}
