import { ConfigError } from "../errors.ts";

/** An engine behind ssh: `ssh://[user@]host[:port][/path/of/its/socket]`. */
export interface SshTarget {
  readonly user: string | undefined;
  /** A name that ssh knows: of a machine, or of a `Host` in its configuration. */
  readonly host: string;
  readonly port: string | undefined;
  /** The engine's socket on the other side. Default: the engine that `docker` uses there. */
  readonly socketPath: string | undefined;
}

/**
 * Reads an address as the docker CLI does.
 * @param source where the address came from, for messages.
 * @throws ConfigError for one that ssh cannot use.
 */
export function parseSshTarget(address: string, source: string): SshTarget {
  // The address itself is not repeated: it may hold a password.
  const wrong = (why: string): ConfigError =>
    new ConfigError(`The ssh host given by ${source} cannot be used: ${why}.`, { path: source });
  const decode = (text: string): string | undefined => {
    try {
      const decoded = decodeURIComponent(text);
      if (!/\p{Cc}/u.test(decoded)) return decoded === "" ? undefined : decoded;
    } catch {
      // Told below, with control characters, which end a word where none was meant.
    }
    throw wrong("it must not hold control characters or a % that encodes nothing");
  };
  // `ssh:` is no special scheme to the URL parser, so that host and path stay as they are written.
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.hostname === "") throw wrong("it is not like ssh://user@host:22");
  if (url.password !== "") throw wrong("it must not hold a password; use a key or an agent");
  if (url.search !== "" || url.hash !== "") throw wrong("it must not have a query or a fragment");
  const user = decode(url.username);
  const host = decode(url.hostname.replace(/^\[|\]$/g, ""));
  if (host === undefined) throw wrong("it is not like ssh://user@host:22");
  // Anything that begins with a dash would be an option of ssh.
  if (host.startsWith("-") || user?.startsWith("-") === true) {
    throw wrong("host and user must not begin with a dash");
  }
  const socketPath = url.pathname === "/" ? undefined : decode(url.pathname);
  return { user, host, port: url.port === "" ? undefined : url.port, socketPath };
}

/** The target as an address, for messages. */
export function showSshTarget({ user, host, port, socketPath }: SshTarget): string {
  const name = host.includes(":") ? `[${host}]` : host;
  const before = user === undefined ? "" : `${user}@`;
  return `ssh://${before}${name}${port === undefined ? "" : `:${port}`}${socketPath ?? ""}`;
}

/**
 * The arguments for the system's `ssh`, as the docker CLI gives them, and a level of messages that tells the login,
 * whatever the configuration says.
 */
export function sshArguments({ user, host, port, socketPath }: SshTarget): readonly string[] {
  const login = user === undefined ? [] : ["-l", user];
  const at = port === undefined ? [] : ["-p", port];
  const engine = socketPath === undefined ? [] : ["--host", shellWord(`unix://${socketPath}`)];
  const command = ["docker", ...engine, "system", "dial-stdio"];
  return ["-o", "ConnectTimeout=30", "-o", "LogLevel=VERBOSE", "-T", ...login, ...at, "--", host, ...command];
}

/** ssh hands its words to a shell on the other side. */
function shellWord(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
