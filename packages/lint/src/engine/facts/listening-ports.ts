/** Which ports the processes of a container listen on, by the kernel's own tables. */

/** The tables, as a process in the container sees them. */
export const SOCKET_TABLES: readonly string[] = [
  "/proc/net/tcp",
  "/proc/net/tcp6",
  "/proc/net/udp",
  "/proc/net/udp6",
];

/** States of sockets that wait for anybody: TCP's LISTEN, and the only one of UDP without a peer (net/tcp_states.h). */
const TCP_LISTEN = "0A";
const UDP_OPEN = "07";

/** Reads tables, one after another, each with its heading: `80/tcp`, `53/udp`, sorted. */
export function listeningPorts(tables: string): string[] {
  const ports = new Set<string>();
  let protocol = "tcp";
  for (const line of tables.split("\n")) {
    // UDP's table has a column more.
    if (/\blocal_address\b/.test(line)) protocol = /\bdrops\b/.test(line) ? "udp" : "tcp";
    const [, port = "", state] =
      /^\s*\d+:\s+[0-9A-F]+:([0-9A-F]{4})\s+[0-9A-F]+:[0-9A-F]{4}\s+([0-9A-F]{2})\s/.exec(line) ?? [];
    if (state !== (protocol === "tcp" ? TCP_LISTEN : UDP_OPEN)) continue;
    ports.add(`${Number.parseInt(port, 16)}/${protocol}`);
  }
  return [...ports].sort((left, right) => Number.parseInt(left, 10) - Number.parseInt(right, 10));
}
