import type { ChildProcessByStdio } from "node:child_process";
import type { Socket } from "node:net";
import { Duplex, type Readable, type Writable } from "node:stream";
import { sshFault } from "./ssh-fault.ts";

type SshProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** Who made the connection is told. */
interface SshEvents {
  /** It has logged in, or will not. */
  loggedIn(): void;
  /** It was cut after it had served. */
  broke(): void;
}

// What ssh says when it fails is a few lines.
const longestMessage = 4096;
// ssh's own failures; other codes are those of the command on the other side.
const sshFailed = 255;
// A process that ssh leaves behind (ControlPersist) may hold its stderr open for hours.
const lastWords = 100;

const authenticated = /^Authenticated to /m;
// Said because of the LogLevel that tells the login.
const chatter = /^(?:Authenticated to|Transferred: sent|Bytes per second: sent) .*\n?/gm;

/** The stdin and stdout of ssh as one connection, which keeps our own process alive only while it is used. */
export class SshSocket extends Duplex {
  readonly #child: SshProcess;
  readonly #events: SshEvents;
  #said = "";
  #authenticated = false;
  #received = false;
  #awaiting = true;
  #end: string | number | undefined;

  constructor(child: SshProcess, events: SshEvents) {
    super({ allowHalfOpen: false }); // as a socket's
    this.#child = child;
    this.#events = events;
    child.stderr.on("data", (chunk: Buffer) => this.#hear(chunk.toString()));
    child.stdout.on("data", (chunk: Buffer) => {
      this.#received = true;
      events.loggedIn();
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stdin.on("error", () => undefined); // told to the write that failed
    child.on("error", (error) => this.destroy(error)); // it could not be killed
    child.once("exit", (code, signal) => this.#exited(signal ?? code ?? sshFailed));
    child.once("close", () => this.#over());
  }

  /** Whether no answer is awaited on it, and none has been read only in part. */
  get idle(): boolean {
    return !this.#awaiting;
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#awaiting = true;
    this.#child.stdin.write(chunk, (error) => {
      // Node destroys the stdin of a process that has ended, before what it wrote has been read.
      done(error && sshFault("EPIPE", "ssh has ended.", error));
    });
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill();
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    this.#events.loggedIn();
    done(error);
  }

  /** As a socket's, for undici: an idle connection must not keep the process alive. */
  ref(): this {
    for (const handle of this.#handles()) handle.ref();
    return this;
  }

  /** undici calls it when the connection has become idle. */
  unref(): this {
    this.#awaiting = false;
    // It died with the last byte of the answer.
    if (this.#end !== undefined) this.destroy();
    for (const handle of this.#handles()) handle.unref();
    return this;
  }

  #handles(): readonly { ref(): void; unref(): void }[] {
    const { stdin, stdout, stderr } = this.#child;
    return [this.#child, ...([stdin, stdout, stderr] as unknown as Socket[])]; // the pipes of a child are sockets
  }

  #hear(text: string): void {
    this.#said += text;
    if (!this.#authenticated && authenticated.test(this.#said)) {
      this.#authenticated = true;
      this.#events.loggedIn();
    }
    this.#said = this.#said.slice(-longestMessage);
  }

  #exited(end: string | number): void {
    this.#end = end;
    // Nothing more is to come: no request may take it for a connection.
    if (this.idle) return this.#over();
    const { stdout } = this.#child;
    const outlived = (): void => void setTimeout(() => this.#over(), lastWords).unref();
    if (stdout.readableEnded) outlived();
    else stdout.once("end", outlived);
  }

  #over(): void {
    if (this.destroyed) return;
    if (this.#end === 0) this.push(null);
    else this.destroy(this.#failed());
    if (this.#received && this.#end !== 0) this.#events.broke();
  }

  #failed(): Error {
    const said = this.#said.replaceAll(chatter, "").trim();
    const end = typeof this.#end === "number" ? `code ${this.#end}` : this.#end;
    const why = `ssh ended with ${end}${said === "" ? "." : `: ${said}`}`;
    // Once it has logged in, what was sent may have reached the engine.
    const reached = this.#received || (this.#authenticated && this.#end === sshFailed);
    if (reached) return sshFault("UND_ERR_SOCKET", why);
    return sshFault(
      "CARRIER_FAILED",
      `${why}\nDoes "ssh" reach that host without a question, and has it a "docker"?`,
    );
  }
}
