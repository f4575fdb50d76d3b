/** Commands that write a credential to a file of their own. */
import type { ShellWord } from "./nodes.ts";
import type { ProgramCall } from "./program.ts";

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

/** The programs that keep credentials. */
const KEEPERS: ReadonlySet<string> = new Set([
  "npm",
  "pnpm",
  "yarn",
  "git",
  "pip",
  "pip3",
  "aws",
  "docker",
  "podman",
  "skopeo",
  "buildah",
  "gcloud",
  "cargo",
  "composer",
  "poetry",
  "bundle",
  "bundler",
  "dotnet",
  "nuget",
]);

/** The credential that a program keeps when it is called like this. */
export function keptCredential(call: ProgramCall): KeptCredential | undefined {
  return call.name !== undefined && KEEPERS.has(call.name) ? credentialOf(call) : undefined;
}

function credentialOf({ name, args }: ProgramCall): KeptCredential | undefined {
  const at = (word: ShellWord | undefined, by: string, path?: string): KeptCredential | undefined =>
    word && { word, path, by };
  const has = (...subcommands: readonly string[]): boolean =>
    subcommands.every((subcommand) => args.some(({ value }) => value === subcommand));
  const textOf = ({ text }: ShellWord): string => text.replace(/["']/g, "");
  const withUser = (): ShellWord | undefined => args.find((word) => hasCredentials(textOf(word)));
  switch (name) {
    case "npm":
    case "pnpm":
    case "yarn":
      // npm itself fills in what the shell was kept from: '${NPM_TOKEN}'.
      if (!has("set") || args.some(({ value }) => value !== undefined && /\$\{\w+\}/.test(value)))
        return undefined;
      return at(
        args.find((word) => NPM_KEY.test(textOf(word))),
        `${name} config set`,
        name === "yarn" ? undefined : "~/.npmrc",
      );
    case "git":
      if (has("config")) return at(withUser(), "git config", "~/.gitconfig");
      if (has("clone")) return at(withUser(), "git clone", cloneConfig(args));
      return has("remote") ? at(withUser(), "git remote", ".git/config") : undefined;
    case "pip":
    case "pip3":
      return has("config", "set") ? at(withUser(), "pip config set", "~/.config/pip/pip.conf") : undefined;
    case "aws":
      if (!has("configure", "set")) return undefined;
      return at(
        args.find(({ value }) => /^aws_(?:secret_access_key|session_token)$/.test(value ?? "")),
        "aws configure set",
        "~/.aws/credentials",
      );
    case "docker":
    case "podman":
    case "skopeo":
    case "buildah":
      return has("login")
        ? at(
            args.find(({ value }) => value === "login"),
            `${name} login`,
            "~/.docker/config.json",
          )
        : undefined;
    case "gcloud":
      return has("activate-service-account") ? at(args.at(-1), "gcloud auth", "~/.config/gcloud") : undefined;
    case "cargo":
      return has("login") ? at(args[0], "cargo login", "~/.cargo/credentials.toml") : undefined;
    case "composer":
      return has("config")
        ? at(
            args.find((word) =>
              /(?:http-basic|github-oauth|gitlab-(?:token|oauth)|bearer|forgejo-token)\b/.test(textOf(word)),
            ),
            "composer config",
            args.some(({ value }) => value === "-g" || value === "--global")
              ? "~/.composer/auth.json"
              : "auth.json",
          )
        : undefined;
    case "poetry":
      return has("config")
        ? at(
            args.find((word) => /^(?:http-basic|pypi-token)\./.test(textOf(word))),
            "poetry config",
            "~/.config/pypoetry/auth.toml",
          )
        : undefined;
    case "bundle":
    case "bundler":
      return has("config")
        ? at(args.slice(1).find(isCredential), "bundle config", "~/.bundle/config")
        : undefined;
    case "dotnet":
    case "nuget":
      return has("source")
        ? at(
            args.find(({ value }) => /^--?p(?:assword)?$/i.test(value ?? "")),
            `${name} add source`,
            "~/.nuget/NuGet/NuGet.Config",
          )
        : undefined;
    default:
      return undefined;
  }
}

/** `bundle config set --global gems.example.org $USER:$TOKEN`: a value with a colon. */
function isCredential({ text }: ShellWord): boolean {
  return /^["']?[\w${}-]+:["']?[\w${}-]+["']?$/.test(text) && /\$|:[\w-]{8,}/.test(text);
}

/** The file of a clone in which the address stays. */
function cloneConfig(args: readonly ShellWord[]): string | undefined {
  const url = args.findIndex(({ text }) => text.includes("://"));
  const folder = args[url + 1];
  const name = args[url]?.text.replace(/["']/g, "").replace(/\/+$/, "").split("/").at(-1);
  const path = folder === undefined ? name?.replace(/\.git$/, "") : folder.value;
  return path === undefined ? undefined : `${path}/.git/config`;
}
