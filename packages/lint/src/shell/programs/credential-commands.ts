/** Commands that write a credential to a file of their own. */
import { callOf } from "../may-call.ts";
import type { ShellWord } from "../nodes.ts";
import type { ProgramCall } from "../program.ts";

/** A credential that a command keeps. */
export interface KeptCredential {
  /** The word that says so. */
  readonly word: ShellWord;
  /** The file it goes to; undefined where the command alone decides. */
  readonly path: string | undefined;
  /** What it is, for messages: `npm config set`. */
  readonly by: string;
}

/** A key of a registry whose value is a credential: `//HOST/:_authToken`, `_auth`, `npmAuthToken`. */
const NPM_KEY = /:_(?:authToken|auth|password)\b|^_auth(?:Token)?\b|npmAuth(?:Token|Ident)\b/;

/** Whether an address has somebody's name and password, or a token, in front of the host. */
export function hasCredentials(address: string): boolean {
  const user = /:\/\/([^/@\s]*)@/.exec(address)?.[1];
  return user !== undefined && /[:$]/.test(user);
}

/** The credential that a program keeps when it is called like this. */
export function keptCredential(call: ProgramCall): KeptCredential | undefined {
  const keeper = call.name === undefined ? undefined : KEEPERS.get(call.name);
  return keeper?.(call.args, call.name ?? "");
}

type Args = readonly ShellWord[];

type Keeper = (args: Args, name: string) => KeptCredential | undefined;

const npm: Keeper = (args, name) => {
  // npm itself fills in what the shell was kept from: '${NPM_TOKEN}'.
  if (!has(args, "set") || args.some(({ value }) => value !== undefined && /\$\{\w+\}/.test(value)))
    return undefined;
  const key = args.find((word) => NPM_KEY.test(unquoted(word)));
  return keptAt(key, `${name} config set`, name === "yarn" ? undefined : "~/.npmrc");
};

const git: Keeper = (args) => {
  const address = args.find((word) => hasCredentials(unquoted(word)));
  if (has(args, "config")) return keptAt(address, "git config", "~/.gitconfig");
  if (has(args, "clone")) return keptAt(address, "git clone", cloneConfig(args));
  return has(args, "remote") ? keptAt(address, "git remote", ".git/config") : undefined;
};

const pip: Keeper = (args) => {
  if (!has(args, "config", "set")) return undefined;
  const address = args.find((word) => hasCredentials(unquoted(word)));
  return keptAt(address, "pip config set", "~/.config/pip/pip.conf");
};

const aws: Keeper = (args) => {
  if (!has(args, "configure", "set")) return undefined;
  const key = args.find(({ value }) => /^aws_(?:secret_access_key|session_token)$/.test(value ?? ""));
  return keptAt(key, "aws configure set", "~/.aws/credentials");
};

const container: Keeper = (args, name) => {
  const login = args.find(({ value }) => value === "login");
  return keptAt(login, `${name} login`, "~/.docker/config.json");
};

const gcloud: Keeper = (args) =>
  has(args, "activate-service-account") ? keptAt(args.at(-1), "gcloud auth", "~/.config/gcloud") : undefined;

const cargo: Keeper = (args) =>
  has(args, "login") ? keptAt(args[0], "cargo login", "~/.cargo/credentials.toml") : undefined;

const composer: Keeper = (args) => {
  if (!has(args, "config")) return undefined;
  const kind = /(?:http-basic|github-oauth|gitlab-(?:token|oauth)|bearer|forgejo-token)\b/;
  const isGlobal = args.some(({ value }) => value === "-g" || value === "--global");
  const key = args.find((word) => kind.test(unquoted(word)));
  return keptAt(key, "composer config", isGlobal ? "~/.composer/auth.json" : "auth.json");
};

const poetry: Keeper = (args) => {
  if (!has(args, "config")) return undefined;
  const key = args.find((word) => /^(?:http-basic|pypi-token)\./.test(unquoted(word)));
  return keptAt(key, "poetry config", "~/.config/pypoetry/auth.toml");
};

const bundler: Keeper = (args) =>
  has(args, "config")
    ? keptAt(args.slice(1).find(isCredential), "bundle config", "~/.bundle/config")
    : undefined;

const nuget: Keeper = (args, name) => {
  if (!has(args, "source")) return undefined;
  const option = args.find(({ value }) => /^--?p(?:assword)?$/i.test(value ?? ""));
  return keptAt(option, `${name} add source`, "~/.nuget/NuGet/NuGet.Config");
};

const KEEPERS: ReadonlyMap<string, Keeper> = new Map([
  ["npm", npm],
  ["pnpm", npm],
  ["yarn", npm],
  ["git", git],
  ["pip", pip],
  ["pip3", pip],
  ["aws", aws],
  ["docker", container],
  ["podman", container],
  ["skopeo", container],
  ["buildah", container],
  ["gcloud", gcloud],
  ["cargo", cargo],
  ["composer", composer],
  ["poetry", poetry],
  ["bundle", bundler],
  ["bundler", bundler],
  ["dotnet", nuget],
  ["nuget", nuget],
]);

/** Finds what {@link keptCredential} may find something in. */
export const KEEPER_CALL: RegExp = callOf(KEEPERS.keys());

function keptAt(word: ShellWord | undefined, by: string, path?: string): KeptCredential | undefined {
  return word && { word, path, by };
}

function has(args: Args, ...subcommands: readonly string[]): boolean {
  return subcommands.every((subcommand) => args.some(({ value }) => value === subcommand));
}

function unquoted({ text }: ShellWord): string {
  return text.replace(/["']/g, "");
}

/** `bundle config set --global gems.example.org $USER:$TOKEN`: a value with a colon. */
function isCredential({ text }: ShellWord): boolean {
  return /^["']?[\w${}-]+:["']?[\w${}-]+["']?$/.test(text) && /\$|:[\w-]{8,}/.test(text);
}

/** The file of a clone in which the address stays. */
function cloneConfig(args: Args): string | undefined {
  const url = args.findIndex(({ text }) => text.includes("://"));
  const folder = args[url + 1];
  const name = args[url]?.text.replace(/["']/g, "").replace(/\/+$/, "").split("/").at(-1);
  const path = folder === undefined ? name?.replace(/\.git$/, "") : folder.value;
  return path === undefined ? undefined : `${path}/.git/config`;
}
