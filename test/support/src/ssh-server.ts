import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { userInfo } from "node:os";
import { run, systemPath } from "./engine/command-line.ts";
import { ensurePackages } from "./engine/debian.ts";
import { tempDir, type TempDir } from "./temp-dir.ts";

/** A real `sshd` on the loopback interface that lets this user in by a key made for it. */
export interface SshServer extends AsyncDisposable {
  /** `user@host:port`; `known` as ssh's configuration calls it. */
  readonly address: string;
  /** An environment in which `ssh` has the key and knows the server's. */
  readonly env: Readonly<Record<string, string>>;
  /** The same, but `ssh` has never seen the server. */
  readonly strangerEnv: Readonly<Record<string, string>>;
  /** The same, but `ssh` knows the server by another key. */
  readonly deceivedEnv: Readonly<Record<string, string>>;
  /** Connections so far. */
  readonly connections: number;
  /** Connections that are open. */
  readonly open: number;
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
  /** Ends the server's side of every connection. */
  cut(): void;
}

/**
 * @param sessionEnv of the commands that run on the server.
 * @param maxStartups as in `sshd_config`: how many may log in at a time. Default: any number.
 */
export async function startSshServer(
  sessionEnv: Readonly<Record<string, string>>,
  maxStartups?: string,
): Promise<SshServer> {
  await ensurePackages(["openssh-server", "openssh-client"]);
  // sshd refuses to start without it; the service that makes it does not run.
  if (process.getuid?.() === 0) await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  const folder = await tempDir();
  const { username } = userInfo();
  for (const key of ["server-key", "user-key", "other-key"]) {
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", folder.join(key)]);
  }
  const config = [
    `HostKey ${folder.join("server-key")}`,
    `AuthorizedKeysFile ${folder.join("user-key.pub")}`,
    "AuthenticationMethods publickey",
    "PermitRootLogin prohibit-password",
    "StrictModes no", // the folder is below one that everybody may write
    "UsePAM no",
    `SetEnv ${Object.entries(sessionEnv)
      .map(([name, value]) => `${name}=${value}`)
      .join(" ")}`,
  ];
  await writeFile(folder.join("sshd_config"), `${config.join("\n")}\n`);

  const open = new Map<Socket, () => void>();
  const watchers = new Set<() => void>();
  const closed = (socket: Socket): void => {
    open.delete(socket);
    for (const watcher of watchers) watcher();
  };
  let connections = 0;
  const serve = (socket: Socket): void => {
    const child = spawn("/usr/sbin/sshd", ["-i", "-e", "-f", folder.join("sshd_config")], {
      stdio: [socket, socket, "ignore"],
    });
    // It may miss a SIGTERM that comes right before it waits for its next event (OpenSSH 9.2).
    open.set(socket, () => child.kill("SIGKILL"));
    socket.destroy(); // the child has it now
    child.once("close", () => closed(socket));
  };
  const daemon = maxStartups === undefined ? undefined : await startDaemon(folder, maxStartups);
  // One sshd for each connection, as inetd would start it: then no port has to be guessed and no daemon looked after.
  // Only a daemon knows how many log in at a time.
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    connections++;
    if (daemon === undefined) return serve(socket);
    const inner = connect(daemon.port, "127.0.0.1");
    open.set(socket, () => socket.destroy());
    socket.pipe(inner).pipe(socket);
    socket.on("error", () => inner.destroy());
    socket.once("close", () => {
      inner.destroy();
      closed(socket);
    });
    inner.on("error", () => socket.destroy()).once("close", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number }; // it listens on TCP

  /** An environment with an `ssh` of its own, since ssh looks for its files in the user's home whatever `HOME` says. */
  async function environment(name: string, knownKey: string): Promise<Record<string, string>> {
    const file = folder.join(name);
    await mkdir(file);
    await writeFile(`${file}/known_hosts`, knownKey === "" ? "" : `[127.0.0.1]:${port} ${knownKey}\n`);
    const options = [
      "Host known",
      "  HostName 127.0.0.1",
      `  Port ${port}`,
      `  User ${username}`,
      "Host *",
      `  IdentityFile ${folder.join("user-key")}`,
      "  IdentitiesOnly yes",
      `  UserKnownHostsFile ${file}/known_hosts`,
      "  GlobalKnownHostsFile /dev/null",
    ];
    await writeFile(`${file}/config`, `${options.join("\n")}\n`);
    await writeFile(`${file}/ssh`, `#!/bin/sh\nexec /usr/bin/ssh -F '${file}/config' "$@"\n`);
    await chmod(`${file}/ssh`, 0o755);
    return { PATH: `${file}:${systemPath}` };
  }
  const serverKey = (await readFile(folder.join("server-key.pub"), "utf8")).trim();
  const otherKey = (await readFile(folder.join("other-key.pub"), "utf8")).trim();

  return {
    address: `${username}@127.0.0.1:${port}`,
    env: await environment("known", serverKey),
    strangerEnv: await environment("stranger", ""),
    deceivedEnv: await environment("deceived", otherKey),
    get connections() {
      return connections;
    },
    get open() {
      return open.size;
    },
    idle: () =>
      new Promise((resolve) => {
        const watcher = (): void => {
          if (open.size > 0) return;
          watchers.delete(watcher);
          resolve();
        };
        watchers.add(watcher);
        watcher();
      }),
    cut() {
      for (const end of open.values()) end();
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const end of open.values()) end();
      daemon?.kill();
      await folder[Symbol.asyncDispose]();
    },
  };
}

interface Daemon {
  readonly port: number;
  kill(): void;
}

async function startDaemon(folder: TempDir, maxStartups: string): Promise<Daemon> {
  // A port that was free a moment ago.
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number }; // it listens on TCP
  await new Promise((resolve) => probe.close(resolve));
  const options = [`ListenAddress=127.0.0.1:${port}`, `MaxStartups=${maxStartups}`, "PidFile=none"];
  const child = spawn(
    "/usr/sbin/sshd",
    ["-D", "-e", "-f", folder.join("sshd_config"), ...options.flatMap((option) => ["-o", option])],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  await once(child.stderr, "data"); // "Server listening on …"
  child.stderr.resume();
  return { port, kill: () => void child.kill() };
}
