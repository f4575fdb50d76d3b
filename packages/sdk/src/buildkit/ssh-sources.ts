import type { Environment } from "../connection/environment.ts";
import { ConfigError } from "../errors.ts";
import { agentSocket, type AgentConnector } from "./services/ssh.ts";

/** Who answers as the ssh agent of a build: `true` for the one at `SSH_AUTH_SOCK`, or the path of a socket. */
export type SshSource = true | { readonly agent: string };

/** How to reach each agent. @throws ConfigError when there is no `SSH_AUTH_SOCK`. */
export function agentConnectors(
  sources: Readonly<Record<string, SshSource>>,
  env: Environment,
): ReadonlyMap<string, AgentConnector> {
  return new Map(Object.entries(sources).map(([id, source]) => [id, connectorOf(id, source, env)]));
}

function connectorOf(id: string, source: SshSource, env: Environment): AgentConnector {
  if (source !== true) return () => agentSocket(source.agent);
  const variable = "SSH_AUTH_SOCK";
  const path = env[variable];
  if (path !== undefined && path !== "") return () => agentSocket(path);
  throw new ConfigError(`There is no ssh agent for "${id}": the variable ${variable} is not set.`, {
    path: variable,
  });
}
