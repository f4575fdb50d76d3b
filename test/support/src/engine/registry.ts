import type { ChildProcess } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run, succeeds } from "./command-line.ts";
import { ensurePackages, type Say } from "./debian.ts";
import { spawnBeside, spawnInside, untilAnswers } from "./isolation.ts";
import type { ProcessIdentity } from "./process-table.ts";

export interface RegistryOptions {
  /** Port on 127.0.0.1 inside the engine's network. */
  readonly port: number;
  /** Ask for `registryCredentials`. */
  readonly htpasswd?: boolean;
}

export interface TestRegistry {
  /** `127.0.0.1:5000`: the first part of an image's name. */
  readonly address: string;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}

/** The only account of a registry with htpasswd. The hash is bcrypt of the password, the one kind the registry reads. */
const account = { username: "tester", password: "open sesame: ünicode" };

export interface StartedRegistry extends TestRegistry {
  readonly child: ChildProcess;
}

/**
 * Starts a registry that keeps its data in `folder`: in the namespaces of a private engine, with which it ends,
 * or, without `init`, in the machine's own network, where it ends with this process at the latest.
 */
export async function startRegistry(
  init: ProcessIdentity | undefined,
  folder: string,
  { port, htpasswd = false }: RegistryOptions,
  say: Say,
): Promise<StartedRegistry> {
  await ensurePackages(["docker-registry", "busybox-static"], say);
  const home = join(folder, `registry-${port}`);
  await mkdir(home);
  const config = {
    version: "0.1",
    log: { level: "warn", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(home, "data") }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}` },
    ...(htpasswd
      ? { auth: { htpasswd: { realm: "docker-engine-sdk tests", path: join(home, "htpasswd") } } }
      : {}),
  };
  if (htpasswd)
    await writeFile(join(home, "htpasswd"), `${account.username}:${await bcrypt(account.password)}\n`);
  const log = join(home, "registry.log");
  // JSON is YAML, which is what the registry reads.
  await writeFile(join(home, "config.yml"), JSON.stringify(config));
  const command = ["docker-registry", "serve", join(home, "config.yml")] as const;
  const child =
    init === undefined ? spawnBeside(command, log) : spawnInside(init, "machine's files", command, log);
  const probe = ["busybox", "nc", "127.0.0.1", String(port), "-e", "/bin/true"];
  await untilAnswers(child, log, () =>
    init === undefined
      ? succeeds("env", probe)
      : succeeds("nsenter", ["--target", String(init.pid), "--net", ...probe]),
  );
  return { address: `127.0.0.1:${port}`, credentials: htpasswd ? account : undefined, child };
}

/** Debian's C library knows bcrypt, and perl, which every Debian has, hands it through. */
async function bcrypt(password: string): Promise<string> {
  const script = "print crypt($ENV{PASSWORD}, q{$2b$05$} . q{docker.engine.sdk.test})";
  return run("perl", ["-e", script], { PASSWORD: password });
}
