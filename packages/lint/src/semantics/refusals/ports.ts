const PROTOCOLS: ReadonlySet<string> = new Set(["tcp", "udp", "sctp"]);
const BYTE = /^(?:25[0-5]|2[0-4]\d|1?\d?\d)$/;
const PORT_LIMIT = 65_535;

/**
 * Why EXPOSE refuses a port: it takes what `docker run -p` takes, `80`, `80-90/udp`, `8080:80`, `127.0.0.1::80`.
 * Undefined if it does not.
 */
export function portError(text: string): string | undefined {
  if (isPort(text)) return undefined; // as most are
  const slash = text.indexOf("/");
  const protocol = slash === -1 ? "tcp" : text.slice(slash + 1).toLowerCase();
  const ports = slash === -1 ? text : text.slice(0, slash);
  if (ports === "") return `no port specified: ${text}<empty>`;
  if (!PROTOCOLS.has(protocol)) return `invalid proto: ${protocol}`;
  // What stands before the last two colons is an address.
  const parts = ports.split(":");
  const container = parts.at(-1) ?? "";
  const host = parts.length > 1 ? (parts.at(-2) ?? "") : "";
  if (container === "") return `no port specified: ${text}<empty>`;
  const address = parts.slice(0, -2).join(":");
  if (address !== "" && !isAddress(address)) return `invalid IP address: ${address}`;
  if (!isRange(container)) return `invalid containerPort: ${container}`;
  if (host !== "" && !isRange(host)) return `invalid hostPort: ${host}`;
  // Many ports of the host may lead to one of the container, but not the other way round.
  if (host !== "" && sizeOf(container) > 1 && sizeOf(host) !== sizeOf(container))
    return `invalid ranges specified for container and host Ports: ${container} and ${host}`;
  return undefined;
}

function isAddress(text: string): boolean {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  const isOfFour = bare.split(".").length === 4 && bare.split(".").every((part) => BYTE.test(part));
  return isOfFour || URL.canParse(`http://[${bare}]/`);
}

function isRange(text: string): boolean {
  const [first = "", last = first, more] = text.split("-");
  if (more !== undefined || !isPort(first) || !isPort(last)) return false;
  return Number(first) <= Number(last);
}

function sizeOf(range: string): number {
  const [first = "", last = first] = range.split("-");
  return Number(last) - Number(first) + 1;
}

function isPort(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) <= PORT_LIMIT;
}
