/** The options of the command line as data: the parser, the help and the completions are made from it. */
import { ENGINE_MODES, FAIL_ON, LEVELS } from "../config/schema.ts";
import { PRESETS, RULESETS } from "../linter/presets.ts";

/** One option. */
export interface OptionSpec {
  readonly short?: string;
  /** What the value is called in the help; absent for a switch. */
  readonly value?: string;
  /** Whether it may be given more than once; values may also be joined by commas where `list` is set. */
  readonly multiple?: boolean;
  readonly list?: boolean;
  /** The only values there are. */
  readonly values?: readonly string[];
  /** What a value may begin with, for completions, where there are others. */
  readonly words?: readonly string[];
  readonly help: string;
}

/** The formats that `check` prints. */
export const FORMATS = [
  "tty",
  "compact",
  "json",
  "jsonl",
  "sarif",
  "github",
  "gitlab",
  "codeclimate",
  "checkstyle",
  "junit",
  "sonarqube",
  "markdown",
] as const;

/** The formats that `measure` prints. */
export const MEASURE_FORMATS = ["tty", "json", "markdown"] as const;

/** The formats that `cache` prints. */
export const CACHE_FORMATS = ["tty", "json"] as const;

/** The shells that there are completions for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** What every command takes. */
const GLOBAL: Readonly<Record<string, OptionSpec>> = {
  help: { short: "h", help: "show help" },
  version: { short: "V", help: "show the version" },
  "no-color": { help: "print no colours" },
};

const PRESET: OptionSpec = {
  value: "NAME",
  values: PRESETS,
  help: `start from ${PRESETS.join(", ")}`,
};

const CONFIGURATION: Readonly<Record<string, OptionSpec>> = {
  config: { value: "FILE", help: "use this configuration (.dflint.yaml or .hadolint.yaml) for every file" },
  "no-config": { help: "use no configuration file" },
  preset: PRESET,
};

/** Where it is said what is built. */
const BUILDS: Readonly<Record<string, OptionSpec>> = {
  compose: {
    value: "FILE[:SERVICE]",
    multiple: true,
    help: "take what the services of a compose file build, with their context, arguments and target",
  },
  bake: {
    value: "FILE[:TARGET]",
    multiple: true,
    help: "take what the targets of a bake file (JSON) build, with their context, arguments and target",
  },
};

/** What is linted, and as what. */
const LINTED: Readonly<Record<string, OptionSpec>> = {
  ...CONFIGURATION,
  ruleset: { value: "VERSION", words: RULESETS, help: "the frozen set of rules to use, such as 2026-11" },
  select: { value: "RULE", multiple: true, list: true, help: "run these rules, too" },
  ignore: { value: "RULE", multiple: true, list: true, help: "do not run these rules" },
  only: { value: "RULE", multiple: true, list: true, help: "run only these rules" },
  severity: {
    value: "RULE=LEVEL",
    multiple: true,
    list: true,
    help: `give a rule another level: ${LEVELS.join(", ")}`,
  },
  context: { value: "DIR", help: "the build context; default: the folder of the Dockerfile" },
  ...BUILDS,
  "build-arg": { value: "NAME=VALUE", multiple: true, help: "the value of an ARG" },
  target: { value: "STAGE", help: "the stage that is built; default: the last one" },
  platform: { value: "PLATFORM", help: "what is built for, such as linux/arm64" },
  registry: { help: "ask registries for the digests of base images" },
  history: { help: "look into the last 200 commits for a cheaper order of the steps (DFL107)" },
  "stdin-filename": { value: "PATH", help: "what to call the text of -, which then need not be written" },
  exclude: { value: "PATTERN", multiple: true, help: "leave these files and folders out" },
  baseline: {
    value: "FILE",
    help: "the findings that are known; default: .dflint-baseline.json, where that is",
  },
};

/** What of that does not go with a measurement. */
const UNMEASURED: ReadonlySet<string> = new Set(["registry", "history", "baseline"]);

const CHECK: Readonly<Record<string, OptionSpec>> = {
  ...LINTED,
  "fail-on": { value: "LEVEL", values: FAIL_ON, help: `fail on ${FAIL_ON.join(", ")}; default warning` },
  show: { value: "LEVEL", values: FAIL_ON.slice(0, 4), help: "show this level and worse ones" },
  "max-warnings": { value: "N", help: "fail on more warnings than this" },
  output: {
    short: "o",
    value: "FORMAT[=PATH]",
    multiple: true,
    words: FORMATS,
    help: `print or write ${FORMATS.join(", ")}`,
  },
  format: { value: "FORMAT[=PATH]", multiple: true, words: FORMATS, help: "the same as --output" },
  "no-baseline": { help: "let known findings count" },
  "allow-empty": { help: "do not fail where no file matches" },
  "no-inline": { help: "do not let comments mute findings" },
  "report-unused": {
    help: "report comments that mute nothing, those of other linters, too, whatever the configuration says",
  },
  "require-reason": { help: "report comments that mute without a reason" },
  "changed-since": { value: "REV", help: "report what was not there at the merge base with this revision" },
  quiet: { short: "q", help: "show only what fails" },
  threads: {
    value: "N",
    help: "lint in so many threads; default: one for each 1000 files, up to one a core",
  },
  engine: {
    value: "MODE",
    values: ENGINE_MODES,
    help: "let an engine make findings more exact: read looks at images, build also builds, run also starts a container",
  },
};

/** Which engine, where one is asked for. */
const ENGINE_HOST: OptionSpec = {
  value: "URL",
  help: "the engine to use, such as unix:///run/docker.sock; default: the docker CLI's",
};

const BUILDERS = ["auto", "buildkit", "classic"] as const;

/** How an engine builds. */
const BUILDING: Readonly<Record<string, OptionSpec>> = {
  host: ENGINE_HOST,
  builder: {
    value: "NAME",
    values: BUILDERS,
    help: `the engine's builder to use: ${BUILDERS.join(", ")}; default auto`,
  },
  secret: {
    value: "id=ID,src=FILE",
    multiple: true,
    help: "a secret for RUN --mount=type=secret of a build; env=NAME takes a variable",
  },
};

const CACHE: Readonly<Record<string, OptionSpec>> = {
  touch: {
    value: "PATH",
    multiple: true,
    help: "a file, folder or glob of the context whose content changes",
  },
  "change-arg": { value: "NAME[=VALUE]", multiple: true, help: "a build argument that gets another value" },
  "change-base": { help: "the base images have other layers" },
  prove: { help: "build, change a copy of the context, build again, and compare; exit 5 if that differs" },
  history: {
    help: "weigh what past commits ran again, and look for a cheaper order that is certain to be legal",
  },
  commits: { value: "N", help: "how many commits to weigh; default 200" },
  output: {
    short: "o",
    value: "FORMAT[=PATH]",
    multiple: true,
    words: CACHE_FORMATS,
    help: `print or write ${CACHE_FORMATS.join(", ")}`,
  },
  format: { value: "FORMAT[=PATH]", multiple: true, words: CACHE_FORMATS, help: "the same as --output" },
  json: { help: "the same as --output json" },
  ...BUILDING,
  context: { value: "DIR", help: "the build context; default: the folder of the Dockerfile" },
  ...BUILDS,
  "build-arg": { value: "NAME=VALUE", multiple: true, help: "the value of an ARG" },
  target: { value: "STAGE", help: "the stage that is built; default: the last one" },
  platform: { value: "PLATFORM", help: "what is built for, such as linux/arm64" },
  "stdin-filename": { value: "PATH", help: "what to call the text of -, which then need not be written" },
  exclude: { value: "PATTERN", multiple: true, help: "leave these files and folders out" },
  ...CONFIGURATION,
};

const MEASURE: Readonly<Record<string, OptionSpec>> = {
  output: {
    short: "o",
    value: "FORMAT[=PATH]",
    multiple: true,
    words: MEASURE_FORMATS,
    help: `print or write ${MEASURE_FORMATS.join(", ")}`,
  },
  format: { value: "FORMAT[=PATH]", multiple: true, words: MEASURE_FORMATS, help: "the same as --output" },
  html: { value: "PATH", help: "draw it as a page that needs no network; - prints it" },
  sort: {
    value: "ORDER",
    values: ["place", "impact"],
    help: "sort findings by place, or by impact: what mending them saves; default place",
  },
  prove: { help: "build each finding's fix, too, and compare the images" },
  budget: {
    value: "NAME=SIZE",
    multiple: true,
    list: true,
    help: "fail for more bytes: image-bytes=200MB, wasted-bytes=1MB",
  },
  ...BUILDING,
  "no-cache": { help: "run every step anew" },
  ...Object.fromEntries(Object.entries(LINTED).filter(([name]) => !UNMEASURED.has(name))),
  quiet: { short: "q", help: "show no progress" },
};

const VERIFY: OptionSpec = {
  help: "build before and after on an engine, and keep only fixes that leave the image the same",
};

const DIFF: OptionSpec = { help: "print the changes as a diff, and write nothing" };

/** A command. */
export interface CommandSpec {
  readonly usage: string;
  readonly help: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** What the first operand may be, for completions; `RULE` means any rule. Absent: files. */
  readonly operands?: readonly string[] | "RULE";
}

/** The name of a command. */
export type CommandName =
  | "check"
  | "fix"
  | "verify"
  | "measure"
  | "cache"
  | "explain"
  | "rules"
  | "config"
  | "baseline"
  | "migrate"
  | "init"
  | "lsp"
  | "completion";

/** The commands by name. */
export const COMMANDS: Readonly<Record<CommandName, CommandSpec>> = {
  check: {
    usage: "dflint [check] [PATH|GLOB|-]...",
    help: "lint Dockerfiles (the default command; without a path: this folder)",
    options: {
      ...CHECK,
      fix: { help: "apply safe fixes to the files" },
      "fix-unsafe": { help: "apply suggestions and unsafe fixes, too" },
      diff: DIFF,
      verify: VERIFY,
      ...BUILDING,
      ...GLOBAL,
    },
  },
  fix: {
    usage: "dflint fix [PATH|GLOB|-]...",
    help: "apply safe fixes, and tell what is left",
    options: {
      unsafe: { help: "apply suggestions and unsafe fixes, too" },
      diff: DIFF,
      verify: VERIFY,
      ...BUILDING,
      ...CHECK,
      select: { value: "RULE", multiple: true, list: true, help: "apply the fixes of these rules only" },
      ...GLOBAL,
    },
  },
  measure: {
    usage: "dflint measure [PATH|GLOB|-]...",
    help: "build Dockerfiles with an engine, and tell what each line costs in bytes and seconds",
    options: { ...MEASURE, ...GLOBAL },
  },
  verify: {
    usage: "dflint verify [PATH|GLOB|-]...",
    help: "prove fixes with an engine, and write none: builds before and after, and compares the images",
    options: {
      unsafe: { help: "fail for suggestions and unsafe fixes that do not verify, too" },
      ...BUILDING,
      ...CHECK,
      select: { value: "RULE", multiple: true, list: true, help: "verify the fixes of these rules only" },
      ...GLOBAL,
    },
  },
  cache: {
    usage: "dflint cache [PATH]... --touch PATH",
    help: "tell which instructions a change runs again; with --prove also by building",
    options: { ...CACHE, ...GLOBAL },
  },
  explain: {
    usage: "dflint explain RULE",
    help: "show the page of a rule",
    options: { json: { help: "print JSON" }, ...GLOBAL },
    operands: "RULE",
  },
  rules: {
    usage: "dflint rules",
    help: "list the rules and their levels",
    options: { preset: PRESET, json: { help: "print JSON" }, ...GLOBAL },
    operands: [],
  },
  config: {
    usage: "dflint config --show FILE",
    help: "show the effective configuration of a file, each value with its origin",
    options: {
      show: { value: "FILE", help: "the file to show it for" },
      ...CONFIGURATION,
      json: { help: "print JSON" },
      ...GLOBAL,
    },
  },
  baseline: {
    usage: "dflint baseline create|update|prune [PATH]...",
    help: "write down what is found, so that only what is new counts; prune removes what is gone",
    options: { ...LINTED, force: { help: "replace a baseline that is there" }, ...GLOBAL },
    operands: ["create", "update", "prune"],
  },
  migrate: {
    usage: "dflint migrate hadolint [PATH]...",
    help: "show hadolint's configuration and comments in dflint's words, as a diff",
    options: { write: { help: "write them" }, ...GLOBAL },
    operands: ["hadolint"],
  },
  init: {
    usage: "dflint init",
    help: "write a configuration, and show snippets for pre-commit and CI",
    options: { force: { help: "replace a configuration that is there" }, ...GLOBAL },
    operands: [],
  },
  lsp: {
    usage: "dflint lsp --stdio",
    help: "serve an editor: findings while typing, fixes, and pages of rules",
    options: { stdio: { help: "talk over standard input and output" }, ...GLOBAL },
    operands: [],
  },
  completion: {
    usage: `dflint completion ${SHELLS.join("|")}`,
    help: "print completions for a shell, which sources them",
    options: GLOBAL,
    operands: SHELLS,
  },
};

/** The commands' names; the table has no other keys. */
export const COMMAND_NAMES: readonly CommandName[] = Object.keys(COMMANDS) as CommandName[];
