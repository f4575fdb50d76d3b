import type { PortBinding } from "../generated/models.ts";

/** The two places where the engine wants ports. */
export interface PortSettings {
  readonly ExposedPorts: Readonly<Record<string, Readonly<Record<string, never>>>>;
  readonly PortBindings: Readonly<Record<string, readonly PortBinding[]>>;
}

const form = /^(?:(?:(\[[0-9a-f:]+\]|[\d.]+):)?(\d*(?:-\d+)?):)?(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp))?$/i;

/**
 * Published ports as the docker CLI writes them: `8080:80`, `127.0.0.1:8080:80/udp`, `80` (the engine chooses the
 * host's port), `8000-8002:80-82`.
 * @throws RangeError for anything else.
 */
export function toPortSettings(ports: readonly string[]): PortSettings {
  const bindings: Record<string, PortBinding[]> = {};
  for (const text of ports) {
    for (const { containerPort, binding } of parsePort(text)) (bindings[containerPort] ??= []).push(binding);
  }
  const exposed = Object.fromEntries(Object.keys(bindings).map((port) => [port, {}]));
  return { ExposedPorts: exposed, PortBindings: bindings };
}

function parsePort(text: string): { containerPort: string; binding: PortBinding }[] {
  const match = form.exec(text);
  if (match === null) {
    throw new RangeError(`Argument "ports": ${JSON.stringify(text)} is not like "8080:80" or "127.0.0.1:53:53/udp".`);
  }
  const [, ip = "", host = "", first = "", last = first, protocol = "tcp"] = match;
  const from = portNumber(text, first);
  const to = portNumber(text, last);
  const [hostFrom, hostTo = hostFrom] = host === "" ? [] : host.split("-").map((port) => portNumber(text, port));
  if (to < from || (hostFrom !== undefined && hostTo !== undefined && hostTo - hostFrom !== to - from)) {
    throw new RangeError(`Argument "ports": the ranges of ${JSON.stringify(text)} are not of the same length.`);
  }
  return Array.from({ length: to - from + 1 }, (_, i) => ({
    containerPort: `${from + i}/${protocol.toLowerCase()}`,
    binding: {
      HostIp: ip.replace(/^\[|\]$/g, ""),
      HostPort: hostFrom === undefined ? "" : String(hostFrom + i),
    },
  }));
}

function portNumber(text: string, port: string): number {
  const number = Number(port);
  if (number >= 1 && number <= 65535) return number;
  throw new RangeError(`Argument "ports": ${JSON.stringify(text)} has a port outside 1–65535.`);
}
