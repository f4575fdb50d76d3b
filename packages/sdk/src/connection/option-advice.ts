/** What other clients of the engine call their options, for those who come from there. */

type Options = Readonly<Record<string, unknown>>;

const address = ({ host, hostname, port, protocol }: Options): string => {
  const scheme = protocol === "ssh" ? "ssh" : "tcp";
  const isName = (name: unknown): name is string => typeof name === "string" && /^[\w.-]+$/.test(name);
  const name = [host, hostname].find(isName) ?? "localhost";
  const number = typeof port === "number" || typeof port === "string" ? port : 2375;
  return `host: "${scheme}://${name}${scheme === "ssh" ? "" : `:${number}`}"`;
};
const socket = ({ socketPath }: Options): string => {
  const path = typeof socketPath === "string" ? socketPath : "/var/run/docker.sock";
  return `host: ${JSON.stringify(path.includes("pipe") ? `npipe://${path.replaceAll("\\", "/")}` : `unix://${path}`)}`;
};
const certificates = (): string => "tls: { ca, cert, key }";
const version = ({ version }: Options): string =>
  `apiVersion: ${JSON.stringify(/^v?\d+\.\d+$/.test(String(version)) ? String(version).replace("v", "") : "1.41")}`;
const time = (): string => "signal: AbortSignal.timeout(10_000) in the options of a call";
const ssh = (): string => 'host: "ssh://user@name"';
const url = (): string => 'host: "tcp://name:2375"';
const credentials = (): string => 'credentials: { "ghcr.io": { username, password } }';
const dispatcher = (): string => "dispatcher: one of undici";

const advice: Readonly<Record<string, (options: Options) => string>> = {
  socketPath: socket,
  port: address,
  hostname: address,
  protocol: address,
  ca: certificates,
  cert: certificates,
  key: certificates,
  version,
  timeout: time,
  connectionTimeout: time,
  username: ssh,
  sshOptions: ssh,
  sshAuthAgent: ssh,
  url,
  baseUrl: url,
  auth: credentials,
  authconfig: credentials,
  agent: dispatcher,
  rejectUnauthorized: () => "verify",
};

/** What to write here in place of an option that there is not; undefined when that is unknown. */
export function optionAdvice(name: string, options: Options): string | undefined {
  return Object.hasOwn(advice, name) ? advice[name]?.(options) : undefined;
}
