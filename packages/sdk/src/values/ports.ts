import { isIP } from "node:net";
import type { PortBinding } from "../generated/models.ts";

/** The two places where the engine wants ports. */
export interface PortSettings {
  readonly ExposedPorts: Readonly<Record<string, Readonly<Record<string, never>>>>;
  readonly PortBindings: Readonly<Record<string, readonly PortBinding[]>>;
}

const form = /^(?:(?:(\[[0-9a-f:]+\]|[\d.]+):)?(\d*(?:-\d+)?):)?(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/i;

/**
 * Published ports as the docker CLI writes them: `8080:80`, `127.0.0.1:8080:80/udp`, `80` (the engine chooses the
 * host's port), `8000-8002:80-82`, `8000-8010:80` (the engine chooses one of them).
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
  if (match === null) throw refusal(text, 'is not like "8080:80" or "127.0.0.1:53:53/udp"');
  const [, address = "", host = "", container = "", protocol = "tcp"] = match;
  const ip = address.replaceAll(/[[\]]/g, "");
  if (ip !== "" && isIP(ip) === 0) throw refusal(text, "has an address that does not exist");
  const inside = toRange(text, container);
  const outside = host === "" ? undefined : toRange(text, host);
  return Array.from({ length: inside.last - inside.first + 1 }, (_, i) => ({
    containerPort: `${inside.first + i}/${protocol.toLowerCase()}`,
    binding: { HostIp: ip, HostPort: outside === undefined ? "" : hostPort(text, inside, outside, i) },
  }));
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

function toRange(text: string, ports: string): PortRange {
  const [first = 0, last = first] = ports.split("-").map(Number);
  if (first < 1 || last > 65535) throw refusal(text, "has a port outside 1–65535");
  if (last < first) throw refusal(text, "has a range that ends before it begins");
  return { first, last };
}

function hostPort(text: string, inside: PortRange, outside: PortRange, index: number): string {
  if (outside.last - outside.first === inside.last - inside.first) return String(outside.first + index);
  if (inside.first === inside.last) return `${outside.first}-${outside.last}`;
  throw refusal(text, "has ranges of different lengths");
}

function refusal(text: string, why: string): RangeError {
  return new RangeError(`Argument "ports": ${JSON.stringify(text)} ${why}.`);
}
