import { run } from "./command-line.ts";
import { ensurePackages, sayOnStderr, type Say } from "./debian.ts";
import type { PrivateEngine } from "./start.ts";

/**
 * Puts private engines into one network, each with an address that all of them reach, as for a swarm.
 * Every two are joined by a cable of their own (a veth pair), so that the others still reach each other when one is
 * removed, and the kernel takes the cables away with the engines.
 *
 * @returns the addresses, in the order of the engines.
 */
export async function connectEngines(
  engines: readonly PrivateEngine[],
  say: Say = sayOnStderr,
): Promise<readonly string[]> {
  await ensurePackages(["iproute2"], say);
  const addresses = engines.map((_, index) => `10.213.0.${index + 1}`);
  const at = (index: number): { pid: string; address: string } => ({
    pid: String(engines[index]?.networkPid),
    address: addresses[index] ?? "",
  });
  for (const index of engines.keys()) {
    const { pid, address } = at(index);
    await ip(pid, "address", "add", `${address}/32`, "dev", "lo");
    for (let earlier = 0; earlier < index; earlier++) await join(at(earlier), at(index));
  }
  return addresses;
}

interface End {
  readonly pid: string;
  readonly address: string;
}

async function join(here: End, there: End): Promise<void> {
  const cable = (other: End): string => `to-${other.address}`;
  const peer = ["peer", "name", cable(here), "netns", there.pid];
  await ip(here.pid, "link", "add", cable(there), "type", "veth", ...peer);
  for (const [from, to] of [
    [here, there],
    [there, here],
  ] as const) {
    await ip(from.pid, "link", "set", cable(to), "up");
    await ip(from.pid, "route", "add", `${to.address}/32`, "dev", cable(to), "src", from.address);
  }
}

async function ip(pid: string, ...args: readonly string[]): Promise<void> {
  await run("nsenter", ["--target", pid, "--net", "ip", ...args]);
}
