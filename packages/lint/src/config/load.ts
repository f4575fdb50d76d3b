/** Loads configurations from files, with all that they extend. */
import { createRequire } from "node:module";
import { dirname, isAbsolute, resolve } from "node:path";
import { decode, describeFileError, readBytes, type FileText } from "../files/read.ts";
import { didYouMean } from "../linter/nearest.ts";
import { DEFAULT_RULESET, PRESETS, type Preset } from "../linter/presets.ts";
import type { RuleNames } from "../linter/rule-names.ts";
import { defaultConfig, type Config } from "./config.ts";
import { ConfigError, type ConfigPosition } from "./config-error.ts";
import { ConfigFinder, CONFIG_NAMES, HADOLINT_CONFIG_NAMES } from "./find.ts";
import { nearPath } from "./near-path.ts";
import { CONFIG_SHAPE } from "./schema.ts";

/** How configurations are found. */
export interface LoadOptions {
  readonly names: RuleNames;
  /** `--config`: this file and no other. */
  readonly path?: string | undefined;
  /** `--no-config`: no file at all. */
  readonly disabled?: boolean | undefined;
  /** `--preset`: wins over what files say. */
  readonly preset?: Preset | undefined;
}

/** Loads the configuration of each folder, every file once. */
export class ConfigLoader {
  readonly #options: LoadOptions;
  readonly #own = new ConfigFinder(CONFIG_NAMES);
  readonly #hadolint = new ConfigFinder(HADOLINT_CONFIG_NAMES);
  readonly #loaded = new Map<string, Promise<Config>>();
  readonly #default: Config;

  constructor(options: LoadOptions) {
    this.#options = options;
    const base = defaultConfig(DEFAULT_RULESET);
    this.#default = options.preset === undefined ? base : { ...base, preset: options.preset };
  }

  /** The configuration of the files in a folder. Throws a {@link ConfigError}. */
  async forFolder(folder: string): Promise<Config> {
    const path = this.pathFor(folder);
    return path === undefined ? this.#default : await this.#load(path);
  }

  /** The file that holds the configuration of a folder, relative to the working folder where that is shorter. */
  pathFor(folder: string): string | undefined {
    const { path, disabled, preset } = this.#options;
    if (disabled === true) return undefined;
    if (path !== undefined) return path;
    const found = this.#own.find(folder) ?? (preset === "hadolint" ? this.#hadolint.find(folder) : undefined);
    return found === undefined ? undefined : nearPath(found);
  }

  #load(path: string): Promise<Config> {
    let config = this.#loaded.get(path);
    if (config === undefined) {
      config = this.#read(path);
      this.#loaded.set(path, config);
    }
    return config;
  }

  async #read(path: string): Promise<Config> {
    const { names, preset, path: given } = this.#options;
    let config = await readConfigFile(path, this.#default, names, []);
    // With hadolint's preset, hadolint's own file counts as well; ours wins.
    const beside =
      config.preset === "hadolint" && given === undefined ? this.#hadolint.find(dirname(path)) : undefined;
    if (beside !== undefined && resolve(path) !== beside) {
      config = await readConfigFile(
        path,
        await readConfigFile(nearPath(beside), this.#default, names, []),
        names,
        [],
      );
    }
    return preset === undefined ? config : { ...config, preset };
  }
}

async function readConfigFile(
  path: string,
  base: Config,
  names: RuleNames,
  chain: readonly string[],
  askedAt?: ConfigPosition,
): Promise<Config> {
  const own = resolve(path);
  if (chain.includes(own)) {
    throw new ConfigError([
      { message: `"extends" goes in a circle: ${[...chain, own].join(" → ")}.`, position: askedAt },
    ]);
  }
  let file: FileText;
  try {
    file = decode(readBytes(path));
  } catch (error) {
    throw new ConfigError([
      { message: `Configuration ${describeFileError(path, error)}`, position: askedAt },
    ]);
  }
  const { text, defect } = file;
  if (defect !== undefined) {
    const message = `Configuration ${path}: cannot be read: it is binary or UTF-16; save it as UTF-8.`;
    throw new ConfigError([{ message, position: askedAt }]);
  }
  // Loaded here and not above: a run without a configuration does not pay for the YAML parser.
  const [{ readYaml }, { mergeFile }, hadolint] = await Promise.all([
    import("./read-yaml.ts"),
    import("./merge.ts"),
    import("./hadolint.ts"),
  ]);
  if (hadolint.isHadolintConfig(path, text)) return hadolint.mergeHadolint(base, path, text, names);
  const read = readYaml(text, { path, shape: CONFIG_SHAPE, names, hint: keyHint });
  let config = base;
  const parents = read.values["extends"];
  for (const [index, parent] of (Array.isArray(parents) ? parents : []).entries()) {
    const position = read.positions.get(`extends.${index}`) ?? read.positions.get("extends");
    config = await extend(config, String(parent), { own, names, chain: [...chain, own], position });
  }
  return mergeFile(config, read);
}

interface Extending {
  readonly own: string;
  readonly names: RuleNames;
  readonly chain: readonly string[];
  readonly position: ConfigPosition | undefined;
}

async function extend(
  base: Config,
  parent: string,
  { own, names, chain, position }: Extending,
): Promise<Config> {
  const preset = PRESETS.find((name) => name === parent);
  if (preset !== undefined) return { ...base, preset };
  const isPath = isAbsolute(parent) || parent.startsWith(".") || /\.ya?ml$/i.test(parent);
  const path = isPath ? resolve(dirname(own), parent) : resolvePackage(own, parent, position);
  return await readConfigFile(nearPath(path), base, names, chain, position);
}

/** A package that holds a configuration: `@acme/dflint-config` (its `.dflint.yaml`), or `@acme/rules/strict.yaml`. */
function resolvePackage(own: string, name: string, position: ConfigPosition | undefined): string {
  const { resolve: find } = createRequire(own);
  for (const request of [`${name}/.dflint.yaml`, name]) {
    try {
      return find(request);
    } catch {
      // the next form is tried; if none is there, that is told below
    }
  }
  const message = `"extends: ${name}" is neither a preset (${PRESETS.join(", ")}) nor a path nor an installed package.${didYouMean(name, PRESETS)}`;
  throw new ConfigError([{ message, position }]);
}

/** What people write from other tools, and what it is called here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  preset: 'Write "extends: NAME" to choose a preset.',
  ignored: 'Write "rules: {NAME: off}" to switch a rule off.',
  override: 'Write "rules: {NAME: LEVEL}" to give a rule another level.',
  trustedRegistries: 'Here it is called "trusted-registries".',
  "failure-threshold": 'Here it is called "fail-on".',
};

function keyHint(key: string): string | undefined {
  return Object.hasOwn(ELSEWHERE, key) ? ELSEWHERE[key] : undefined;
}
