import type { Environment } from "../connection/config-folder.ts";
import { ConfigError } from "../errors.ts";
import { toList } from "../values/list.ts";
import { agentSocket, type AgentConnector } from "./services/ssh.ts";
import { connectToKeys } from "./ssh-agent/key-agent.ts";
import { readKeyFile } from "./ssh-agent/key-file.ts";

/**
 * Who answers as the ssh agent of a build: `true` for the one at `SSH_AUTH_SOCK`, the path of another's socket, or the
 * paths of private keys without a passphrase (RSA, ECDSA or Ed25519; of ssh-keygen or PEM). Steps can have an agent
 * sign for them; the keys stay here.
 */
export type SshSource = true | { readonly agent: string } | { readonly keys: string | readonly string[] };

/** How to reach each agent. @throws ConfigError when there is no `SSH_AUTH_SOCK`, or a key cannot be used. */
export async function agentConnectors(
  sources: Readonly<Record<string, SshSource>>,
  env: Environment,
): Promise<ReadonlyMap<string, AgentConnector>> {
  const connectors = await Promise.all(
    Object.entries(sources).map(async ([id, source]) => [id, await connectorOf(id, source, env)] as const),
  );
  return new Map(connectors);
}

async function connectorOf(id: string, source: SshSource, env: Environment): Promise<AgentConnector> {
  if (source !== true && "keys" in source) {
    const identities = await Promise.all(toList(source.keys).map((path) => readKeyFile(path)));
    return () => connectToKeys(identities);
  }
  if (source !== true) return () => agentSocket(source.agent);
  const variable = "SSH_AUTH_SOCK";
  const path = env[variable];
  if (path !== undefined && path !== "") return () => agentSocket(path);
  throw new ConfigError(`There is no ssh agent for "${id}": the variable ${variable} is not set.`, {
    path: variable,
  });
}
