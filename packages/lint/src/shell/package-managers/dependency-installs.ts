/** Steps that install what a project's manifest lists, for each language's tool. */
import {
  optionOf,
  packageCallOf,
  programsOf,
  readCommandLine,
  type PackageCall,
  type ProgramCall,
} from "../commands.ts";
import type { Script, ShellWord } from "../nodes.ts";
import { withoutOptions } from "../options.ts";
import { oncePerScript } from "../once-per-script.ts";
import { cover, type Span } from "../../source/span.ts";

/** The tools that install from a manifest, one for each kind of manifest. */
export type Ecosystem =
  | "npm"
  | "pnpm"
  | "yarn"
  | "bun"
  | "pip"
  | "pipenv"
  | "poetry"
  | "uv"
  | "bundler"
  | "go"
  | "cargo"
  | "maven"
  | "gradle"
  | "composer"
  | "dotnet";

/** A step that installs what a manifest lists. */
export interface DependencyInstall {
  readonly ecosystem: Ecosystem;
  readonly call: ProgramCall;
  /** As messages show it: `npm ci`. */
  readonly name: string;
  readonly span: Span;
  /** Whether installing is all it does; otherwise it builds, and loads what it lacks on the way. */
  readonly explicit: boolean;
  /** The manifest and its lock file as they are named in the project's folder; may hold wildcards. */
  readonly manifests: readonly string[];
  /** The step to run once the manifest is there. */
  readonly step: string;
  /** Whether the step needs the manifests only, so that it can be moved above the source. */
  readonly movable: boolean;
  /** The folder it is told to work in. */
  readonly folder: string | undefined;
}

/** What a tool's step is made of, apart from where it stands. */
type Reading = Pick<DependencyInstall, "ecosystem" | "explicit" | "manifests" | "step" | "movable"> & {
  readonly words: number;
  readonly folder?: string | undefined;
};

/** The steps of a script that install dependencies, in order. */
export const dependencyInstalls: (script: Script) => readonly DependencyInstall[] = oncePerScript((script) =>
  programsOf(script).flatMap(installOf),
);

const NONE: readonly never[] = [];

function installOf(call: ProgramCall): readonly DependencyInstall[] {
  const reading = readTool(call);
  if (reading === undefined) return NONE;
  const { words, ...rest } = reading;
  const isElsewhere =
    reading.folder === undefined && call.args.some((word) => leadsElsewhere(word, call.name));
  const shown = call.args.slice(0, words);
  const last = shown.at(-1);
  return [
    {
      ...rest,
      movable: reading.movable && !isElsewhere,
      call,
      name: [call.word, ...shown].map(({ text }) => text).join(" "),
      span: last === undefined ? call.word.span : cover(call.word.span, last.span),
      folder: reading.folder,
    },
  ];
}

/** Options that name another project than that of the working folder, or other manifests than its own. */
const ELSEWHERE =
  /^(?:-C|--(?:directory|project|project-dir|working-dir|cwd|gemfile|workspaces?|filter)|--?modfile)(?:=|$)/;

/** The same in letters that mean something else to other tools. */
const ELSEWHERE_OF: ReadonlyMap<string, RegExp> = new Map([
  ["mvn", /^(?:-f|--file)(?:=|$)/],
  ["gradle", /^-p$/],
  ["composer", /^-d/],
  ["npm", /^-w$/],
]);

function leadsElsewhere({ prefix }: ShellWord, tool: string | undefined): boolean {
  return ELSEWHERE.test(prefix) || ELSEWHERE_OF.get(tool ?? "")?.test(prefix) === true;
}

function readTool(call: ProgramCall): Reading | undefined {
  const packages = packageCallOf(call);
  if (packages !== undefined) return readPackageManager(packages);
  const read = call.name === undefined ? undefined : PROJECT_TOOLS.get(call.name);
  return read?.(call, subcommandOf(call));
}

/** What a tool is told to do, and the place of the word behind. */
interface Subcommand {
  readonly name: string | undefined;
  readonly end: number;
}

function subcommandOf({ args }: ProgramCall): Subcommand {
  const name = withoutOptions(args)[0]?.value;
  return { name, end: args.findIndex(({ value }) => value === name) + 1 };
}

type ToolReader = (call: ProgramCall, subcommand: Subcommand) => Reading | undefined;

const bun: ToolReader = (call, { name, end }) => {
  if (name !== "install" && name !== "i") return undefined;
  if (has(call, "-g", "--global") || operandsAfter(call, end) > 0) return undefined;
  return explicit("bun", ["package.json", "bun.lock"], call, end);
};

const pipenv: ToolReader = (call, { name, end }) => {
  if (name !== "install" && name !== "sync") return undefined;
  return operandsAfter(call, end) > 0
    ? undefined
    : explicit("pipenv", ["Pipfile", "Pipfile.lock"], call, end);
};

const poetry: ToolReader = (call, { name, end }) => {
  if (name !== "install" && name !== "sync") return undefined;
  const rootless = has(call, "--no-root", "--only-main");
  const reading = explicit("poetry", ["pyproject.toml", "poetry.lock"], call, end);
  return { ...reading, step: rootless ? reading.step : `${reading.step} --no-root`, movable: rootless };
};

const uv: ToolReader = (call, { name, end }) => {
  if (call.args[0]?.value === "pip") return readUvPip(call);
  if (name !== "sync") return undefined;
  const rootless = has(call, "--no-install-project", "--no-install-workspace");
  const reading = explicit("uv", ["pyproject.toml", "uv.lock"], call, end);
  const step = rootless ? reading.step : `${reading.step} --no-install-project`;
  return { ...reading, step, movable: rootless };
};

const bundler: ToolReader = (call, { name, end }) =>
  name === undefined || name === "install"
    ? explicit("bundler", ["Gemfile", "Gemfile.lock"], call, name === undefined ? 0 : end)
    : undefined;

const maven: ToolReader = (call, { end }) => {
  const goals = call.args.flatMap(({ value }) =>
    value === undefined || value.startsWith("-") ? [] : [value],
  );
  const offline = goals.some((goal) => /^(?:dependency|de\.qaware.*):(?:go-offline|resolve)/.test(goal));
  const builds = goals.some((goal) =>
    /^(?:compile|test|package|verify|install|deploy|spring-boot:)/.test(goal),
  );
  if (!offline && !builds) return undefined;
  const step = `${call.word.text} dependency:go-offline`;
  const movable = call.name === "mvn";
  return { ...explicit("maven", ["pom.xml"], call, end), explicit: offline, step, movable };
};

const gradle: ToolReader = (call, { name, end }) => {
  const resolves = has(call, "dependencies", "resolveDependencies", "downloadDependencies");
  if (name === undefined || has(call, "--version", "-v", "init", "wrapper", "--help")) return undefined;
  const reading = explicit("gradle", ["build.gradle*", "settings.gradle*"], call, end);
  const movable = resolves && call.name === "gradle";
  return { ...reading, explicit: resolves, step: `${call.word.text} dependencies`, movable };
};

const composer: ToolReader = (call, { name, end }) => {
  if (name !== "install" && name !== "i") return undefined;
  const bare = has(call, "--no-scripts") && has(call, "--no-autoloader");
  const reading = explicit("composer", ["composer.json", "composer.lock"], call, end);
  const step = bare ? reading.step : `${reading.step} --no-scripts --no-autoloader`;
  return { ...reading, step, movable: bare };
};

const dotnet: ToolReader = (call, { name = "", end }) => {
  const restores = name === "restore";
  const builds = ["build", "publish", "test", "pack", "run"].includes(name) && !has(call, "--no-restore");
  if (!restores && !builds) return undefined;
  const movable = restores && call.args[1] === undefined;
  const reading = explicit("dotnet", ["*.csproj"], call, end);
  return { ...reading, explicit: restores, step: "dotnet restore", movable };
};

/** What installs from a manifest, beside package managers. */
const PROJECT_TOOLS: ReadonlyMap<string, ToolReader> = new Map([
  ["bun", bun],
  ["pipenv", pipenv],
  ["poetry", poetry],
  ["uv", uv],
  ["bundle", bundler],
  ["bundler", bundler],
  ["mvn", maven],
  ["mvnw", maven],
  ["gradle", gradle],
  ["gradlew", gradle],
  ["composer", composer],
  ["dotnet", dotnet],
]);

function has({ args }: ProgramCall, ...options: readonly string[]): boolean {
  return args.some(({ value }) => options.includes(value ?? ""));
}

/** `uv pip install -r requirements.txt`, `uv pip sync requirements.txt` */
function readUvPip(call: ProgramCall): Reading | undefined {
  const args = call.args.slice(1);
  const line = readCommandLine(args, {
    short: "rce",
    long: ["requirement", "requirements", "constraint", "editable"],
  });
  const [subcommand, ...operands] = line.operands;
  const named = line.options.filter(({ name }) => ["-r", "--requirement", "--requirements"].includes(name));
  const words =
    subcommand?.value === "sync" ? operands.map(({ value }) => value) : named.map(({ value }) => value);
  const files = words.flatMap((value) => (value === undefined ? [] : [value]));
  if (subcommand === undefined || !["install", "sync"].includes(subcommand.value ?? "") || files.length === 0)
    return undefined;
  const reading = explicit("uv", files, call, args.indexOf(subcommand) + 2);
  const movable = subcommand.value === "sync" || operands.length === 0;
  return {
    ...reading,
    step: `${reading.step} ${subcommand.value === "sync" ? files.join(" ") : `-r ${files.join(" -r ")}`}`,
    movable,
  };
}

function readPackageManager(call: PackageCall): Reading | undefined {
  const { manager, manifest, action, subcommand } = call;
  const { args } = call.call;
  const place = subcommand === undefined ? 0 : args.indexOf(subcommand) + 1;
  const global = optionOf(call, "-g", "--global", "--location") !== undefined;
  switch (manager) {
    case "npm": {
      if (!manifest || global) return undefined;
      const folder = optionOf(call, "--prefix", "-C")?.value;
      return { ...explicit("npm", ["package.json", "package-lock.json"], call.call, place), folder };
    }
    case "pnpm": {
      if (!manifest || global) return undefined;
      const folder = optionOf(call, "-C", "--dir")?.value;
      return { ...explicit("pnpm", ["package.json", "pnpm-lock.yaml"], call.call, place), folder };
    }
    case "yarn": {
      if (!manifest || global) return undefined;
      const folder = optionOf(call, "--cwd")?.value;
      return { ...explicit("yarn", ["package.json", "yarn.lock"], call.call, place), folder };
    }
    case "pip": {
      if (!manifest || action !== "install") return undefined;
      const files = call.options
        .filter(({ name }) => ["-r", "--requirement", "-c", "--constraint"].includes(name))
        .flatMap(({ value }) => (value === undefined ? [] : [value]));
      if (files.length === 0) return undefined;
      const needsSource =
        call.packages.some(({ source }) => source === "local") || optionOf(call, "-e", "--editable");
      const reading = explicit("pip", files, call.call, place);
      return {
        ...reading,
        step: [reading.step, ...files].join(" -r "),
        movable: !needsSource,
      };
    }
    case "go": {
      const name = subcommand?.value ?? "";
      const downloads = manifest && name === "mod";
      const builds =
        ["build", "test", "vet", "run", "generate"].includes(name) || (name === "install" && manifest);
      if (!downloads && !builds) return undefined;
      const reading = explicit("go", ["go.mod", "go.sum"], call.call, downloads ? place + 1 : place);
      return { ...reading, explicit: downloads, step: "go mod download" };
    }
    case "cargo": {
      const name = subcommand?.value ?? "";
      const cooks = name === "chef" && args[place]?.value === "cook";
      const builds = ["build", "test", "check", "rustc", "run", "b"].includes(name) || isLocalInstall(call);
      if (name !== "fetch" && !cooks && !builds) return undefined;
      const reading = explicit("cargo", ["Cargo.toml", "Cargo.lock"], call.call, cooks ? place + 1 : place);
      return { ...reading, explicit: !builds, step: "cargo chef cook", movable: false };
    }
    default:
      return undefined;
  }
}

function isLocalInstall(call: PackageCall): boolean {
  return call.subcommand?.value === "install" && optionOf(call, "--path") !== undefined;
}

function explicit(
  ecosystem: Ecosystem,
  manifests: readonly string[],
  call: ProgramCall,
  words: number,
): Reading {
  const step = [call.word, ...call.args.slice(0, words)].map(({ text }) => text).join(" ");
  return { ecosystem, explicit: true, manifests, step, movable: true, words };
}

/** How many packages are named: then it is no manifest that is installed. */
function operandsAfter(call: ProgramCall, place: number): number {
  return readCommandLine(call.args.slice(place), { short: "", long: [] }).operands.length;
}
