import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { TransportOptions } from "../transport/transport.ts";
import type { Environment } from "./config-folder.ts";
import { sshFault } from "./ssh-fault.ts";
import { SshSocket } from "./ssh-socket.ts";
import { sshArguments, type SshTarget } from "./ssh-target.ts";
import { Turnstile } from "./turnstile.ts";

// sshd turns away who comes while ten others log in (MaxStartups 10:30:100), and they need not all be ours.
const mostLogins = 5;
// One that shares another's connection (ControlMaster) does not tell that it has logged in.
const longestLogin = 10_000;

/**
 * Connects through a child `ssh` for each connection: keys, agents, the check of the host's key and the
 * configuration are ssh's own.
 */
export function sshConnector(target: SshTarget, env: Environment): TransportOptions["connect"] {
  const logins = new Turnstile(mostLogins);
  const open = new Set<SshSocket>();
  return (_, callback) => {
    logins.enter((loggedIn) => {
      const child = spawn("ssh", sshArguments(target), {
        env,
        stdio: ["pipe", "pipe", "pipe"],
        // A session of its own: Ctrl-C on our terminal must not cut the connection of a program that still cleans up,
        // and ssh must not ask a question there.
        detached: true,
        windowsHide: true,
      });
      child.once("error", (cause: NodeJS.ErrnoException) => {
        loggedIn();
        const why = cause.code === "ENOENT" ? "there is no program ssh on the PATH." : cause.message;
        // Not at once: as for every connection that cannot be made.
        setImmediate(callback, sshFault("CARRIER_FAILED", why, cause), null);
      });
      child.once("spawn", () => {
        child.removeAllListeners("error");
        const limit = setTimeout(loggedIn, longestLogin).unref();
        const socket = new SshSocket(child, {
          loggedIn() {
            clearTimeout(limit);
            loggedIn();
          },
          // What cut one of them, e.g. a restart of the host, has cut the others too, though their ssh may not know yet.
          broke() {
            for (const other of open) if (other.idle) other.destroy();
          },
        });
        open.add(socket);
        socket.once("close", () => open.delete(socket));
        // Whether it gets through shows only at the first answer.
        callback(null, socket as unknown as Socket); // undici takes any Duplex that has ref and unref
      });
    });
  };
}
