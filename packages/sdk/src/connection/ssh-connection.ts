import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Socket } from "node:net";
import { Duplex, type Readable, type Writable } from "node:stream";
import type { CarrierFault } from "../transport/transport-error.ts";
import type { TransportOptions } from "../transport/transport.ts";
import type { Environment } from "./environment.ts";
import { sshArguments, type SshTarget } from "./ssh-target.ts";

/**
 * Connects through a child `ssh` for each connection: keys, agents, the check of the host's key and the
 * configuration are ssh's own.
 */
export function sshConnector(target: SshTarget, env: Environment): TransportOptions["connect"] {
  return (_, callback) => {
    const child = spawn("ssh", sshArguments(target), {
      env,
      stdio: ["pipe", "pipe", "pipe"],
      // A session of its own: Ctrl-C on our terminal must not cut the connection of a program that still cleans up,
      // and ssh must not ask a question there.
      detached: true,
      windowsHide: true,
    });
    child.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "ENOENT" ? "there is no program ssh on the PATH." : cause.message;
      // Not at once: as for every connection that cannot be made.
      setImmediate(callback, failure("CARRIER_FAILED", why, cause), null);
    });
    child.once("spawn", () => {
      child.removeAllListeners("error");
      // Whether it gets through shows only at the first answer.
      callback(null, new ChildSocket(child) as unknown as Socket); // undici takes any Duplex that has ref and unref
    });
  };
}

type SshProcess = ChildProcessByStdio<Writable, Readable, Readable>;

// What ssh says when it fails is a few lines.
const longestMessage = 4096;

/** The stdin and stdout of a process as one connection, which keeps our own process alive only while it is used. */
class ChildSocket extends Duplex {
  readonly #child: SshProcess;
  #said = "";
  #received = false;

  constructor(child: SshProcess) {
    super({ allowHalfOpen: false }); // as a socket's
    this.#child = child;
    child.stderr.on("data", (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString()).slice(-longestMessage);
    });
    child.stdout.on("data", (chunk: Buffer) => {
      this.#received = true;
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stdin.on("error", () => undefined); // told to the write that failed
    child.on("error", (error) => this.destroy(error)); // it could not be killed
    child.on("close", (code, signal) => {
      if (code === 0) this.push(null);
      else this.destroy(this.#failed(signal ?? `code ${code}`));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill();
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    done(error);
  }

  /** As a socket's, for undici: an idle connection must not keep the process alive. */
  ref(): this {
    for (const handle of this.#handles()) handle.ref();
    return this;
  }

  unref(): this {
    for (const handle of this.#handles()) handle.unref();
    return this;
  }

  #handles(): readonly { ref(): void; unref(): void }[] {
    const { stdin, stdout, stderr } = this.#child;
    return [this.#child, ...([stdin, stdout, stderr] as unknown as Socket[])]; // the pipes of a child are sockets
  }

  #failed(end: string): Error {
    const said = this.#said.trim();
    const why = `ssh ended with ${end}${said === "" ? "." : `: ${said}`}`;
    if (this.#received) return failure("UND_ERR_SOCKET", why);
    return failure(
      "CARRIER_FAILED",
      `${why}\nDoes "ssh" reach that host without a question, and has it a "docker"?`,
    );
  }
}

function failure(code: CarrierFault["code"], message: string, cause?: Error): CarrierFault {
  return Object.assign(new Error(message, cause && { cause }), { code, carrier: "ssh" });
}
