import { isIP } from "node:net";
import type { PortBinding, PortMap } from "../generated/models.ts";
import { list, wrongKind, type Check } from "./argument.ts";
import { objectOf } from "./options.ts";

/** A port of a container that is published, or is to be. */
export interface Port {
  /** Inside the container, 1–65535. */
  readonly container: number;
  /** What is spoken there. Default `tcp`. */
  readonly protocol?: "tcp" | "udp" | "sctp" | undefined;
  /** On the engine's machine, 1–65535. Default: the engine chooses a free one. */
  readonly host?: number | undefined;
  /** The address of the engine's machine to listen on. Default: all. */
  readonly address?: string | undefined;
}

/** A port of a container, and where the engine's machine listens for it. */
export interface PublishedPort extends Port {
  /** What is spoken there. */
  readonly protocol: "tcp" | "udp" | "sctp";
  /** On the engine's machine. */
  readonly host: number;
  /** `0.0.0.0` and `::` are all addresses. */
  readonly address: string;
}

/** The two places where a container's create request has ports. */
export interface PortSettings {
  /** For the request itself. */
  readonly ExposedPorts: Readonly<Record<string, Readonly<Record<string, never>>>>;
  /** For its `HostConfig`. */
  readonly PortBindings: Readonly<Record<string, readonly PortBinding[]>>;
}

const form = /^(?:(?:(\[[0-9a-f:]+\]|[\d.]+):)?(\d*(?:-\d+)?):)?(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/i;

/**
 * Published ports for a create request: as objects, or as the docker CLI writes them: `8080:80`,
 * `127.0.0.1:8080:80/udp`, `80` (the engine chooses the host's port), `8000-8002:80-82`, `8000-8010:80` (the engine
 * chooses one of them).
 *
 * ```ts
 * const { ExposedPorts, PortBindings } = toPortSettings(["8080:80", { container: 53, protocol: "udp" }]);
 * await docker.containers.create({ Image: "app", ExposedPorts, HostConfig: { PortBindings } });
 * ```
 *
 * @throws RangeError for anything else.
 */
export function toPortSettings(ports: readonly (string | Port)[]): PortSettings {
  publishedPorts(ports, "toPortSettings()");
  const bindings: Record<string, PortBinding[]> = {};
  for (const port of ports) {
    const parsed = parsePort(typeof port === "string" ? port : formatPort(port));
    for (const { containerPort, binding } of parsed) (bindings[containerPort] ??= []).push(binding);
  }
  const exposed = Object.fromEntries(Object.keys(bindings).map((port) => [port, {}]));
  return { ExposedPorts: exposed, PortBindings: bindings };
}

function publishedPort(argument: string): Check {
  const port = objectOf<Port>(
    argument,
    "{ container: 80, host: 8080 }",
    { container: "integer", protocol: ["tcp", "udp", "sctp"], host: "integer", address: "text" },
    "container",
  );
  return (value, of) => {
    if (typeof value === "string") return;
    if (typeof value !== "object") {
      throw wrongKind(argument, 'text such as "8080:80" or an object', value, of);
    }
    port(value, of);
  };
}

/** Takes ports to publish, each as text or as an object. */
export const publishedPorts: Check = list("ports", '["8080:80"]', publishedPort);

/** Where the ports of a container are reached, by the engine's answer. Those that are not published are left out. */
export function readPorts(ports: PortMap | null | undefined): readonly PublishedPort[] {
  return Object.entries(ports ?? {}).flatMap(([inside, bindings]) => {
    const [container = "", protocol = "tcp"] = inside.split("/");
    return (bindings ?? []).map(({ HostIp = "", HostPort = "" }) => ({
      container: Number(container),
      protocol: protocol as PublishedPort["protocol"], // the engine knows these three
      host: Number(HostPort),
      address: HostIp,
    }));
  });
}

function formatPort({ container, protocol = "tcp", host, address = "" }: Port): string {
  const listen = address.includes(":") ? `[${address}]` : address;
  return `${listen === "" ? "" : `${listen}:`}${host ?? ""}:${container}/${protocol}`;
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
