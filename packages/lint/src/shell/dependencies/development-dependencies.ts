/** Whether a step that installs a project's dependencies leaves out what only developing needs. */
import type { DependencyInstall, Ecosystem } from "./dependency-install.ts";

/** How a tool is told to leave them out. */
export interface Production {
  /** The option to add. */
  readonly option: string;
  /** Options that say it, as they stand on the command line. */
  readonly says: RegExp;
  /** Variables that say it, with their values. */
  readonly variables: Readonly<Record<string, RegExp>>;
  /** A later command that takes them out again; looked for in long lines, so each try ends with its command. */
  readonly prune?: RegExp;
}

const NODE = { NODE_ENV: /^production$/ };
const YES = /^(?:1|true|yes|on)$/i;

const TOOLS: Partial<Record<Ecosystem, Production>> = {
  npm: {
    option: "--omit=dev",
    says: /(?:^| )--(?:omit[= ]dev|production(?:=true)?|only[= ]prod(?:uction)?)(?: |$)/,
    variables: { ...NODE, NPM_CONFIG_OMIT: /dev/, NPM_CONFIG_PRODUCTION: YES },
    prune: /\bnpm prune\b/,
  },
  pnpm: {
    option: "--prod",
    says: /(?:^| )(?:--prod(?:uction)?|-P)(?: |$)/,
    variables: NODE,
    prune: /\bpnpm (?:[^;&|\n]* )?(?:prune|deploy)\b/,
  },
  yarn: {
    option: "--production",
    // What the newer yarn takes instead has no such option.
    says: /(?:^| )(?:--production(?:=true)?|--prod|--immutable|--inline-builds|--mode=\S+)(?: |$)/,
    variables: NODE,
    prune: /\byarn (?:workspaces focus|install [^;&|\n]*--production)/,
  },
  bun: { option: "--production", says: /(?:^| )(?:--production|-p|--omit[= ]dev)(?: |$)/, variables: NODE },
  composer: {
    option: "--no-dev",
    says: /(?:^| )--no-dev(?: |$)/,
    variables: { COMPOSER_NO_DEV: YES },
    prune: /\bcomposer (?:[^;&|\n]* )?--no-dev/,
  },
  poetry: {
    option: "--only=main",
    says: /(?:^| )(?:--without[= ]\S*|--only[= ]\S*|--only-root|--no-dev)(?: |$)/,
    variables: { POETRY_WITHOUT: /./, POETRY_INSTALLER_ONLY: /./ },
  },
  uv: {
    option: "--no-dev",
    says: /(?:^| )(?:--no-dev|--no-default-groups|--only-group[= ]\S*|--no-group[= ]\S*|-r|--requirements?)(?: |$)/,
    variables: { UV_NO_DEV: YES },
  },
};

/** How the tool of a step leaves development dependencies out; undefined where it has no such thing. */
export function productionOf({ ecosystem, explicit, call }: DependencyInstall): Production | undefined {
  const isPip = ecosystem === "uv" && call.args[0]?.value === "pip";
  return explicit && !isPip ? TOOLS[ecosystem] : undefined;
}
