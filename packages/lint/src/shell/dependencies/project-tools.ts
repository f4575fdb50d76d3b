/** What installs from a manifest, beside package managers: the tool of each language's projects. */
import { readCommandLine, type ProgramCall } from "../commands.ts";
import { withoutOptions } from "../options.ts";
import { explicitInstall, type InstallReading } from "./dependency-install.ts";

/** How a call of such a tool installs; undefined where it does not, and for other programs. */
export function readProjectTool(call: ProgramCall): InstallReading | undefined {
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

type ToolReader = (call: ProgramCall, subcommand: Subcommand) => InstallReading | undefined;

const bun: ToolReader = (call, { name, end }) => {
  if (name !== "install" && name !== "i") return undefined;
  if (has(call, "-g", "--global") || operandsAfter(call, end) > 0) return undefined;
  return explicitInstall("bun", ["package.json", "bun.lock"], call, end);
};

const pipenv: ToolReader = (call, { name, end }) => {
  if (name !== "install" && name !== "sync") return undefined;
  return operandsAfter(call, end) > 0
    ? undefined
    : explicitInstall("pipenv", ["Pipfile", "Pipfile.lock"], call, end);
};

const poetry: ToolReader = (call, { name, end }) => {
  if (name !== "install" && name !== "sync") return undefined;
  const rootless = has(call, "--no-root", "--only-main");
  const reading = explicitInstall("poetry", ["pyproject.toml", "poetry.lock"], call, end);
  return { ...reading, step: rootless ? reading.step : `${reading.step} --no-root`, movable: rootless };
};

const uv: ToolReader = (call, { name, end }) => {
  if (call.args[0]?.value === "pip") return readUvPip(call);
  if (name !== "sync") return undefined;
  const rootless = has(call, "--no-install-project", "--no-install-workspace");
  const reading = explicitInstall("uv", ["pyproject.toml", "uv.lock"], call, end);
  const step = rootless ? reading.step : `${reading.step} --no-install-project`;
  return { ...reading, step, movable: rootless };
};

const bundler: ToolReader = (call, { name, end }) =>
  name === undefined || name === "install"
    ? explicitInstall("bundler", ["Gemfile", "Gemfile.lock"], call, name === undefined ? 0 : end)
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
  return { ...explicitInstall("maven", ["pom.xml"], call, end), explicit: offline, step, movable };
};

const gradle: ToolReader = (call, { name, end }) => {
  const resolves = has(call, "dependencies", "resolveDependencies", "downloadDependencies");
  if (name === undefined || has(call, "--version", "-v", "init", "wrapper", "--help")) return undefined;
  const reading = explicitInstall("gradle", ["build.gradle*", "settings.gradle*"], call, end);
  const movable = resolves && call.name === "gradle";
  return { ...reading, explicit: resolves, step: `${call.word.text} dependencies`, movable };
};

const composer: ToolReader = (call, { name, end }) => {
  if (name !== "install" && name !== "i") return undefined;
  const bare = has(call, "--no-scripts") && has(call, "--no-autoloader");
  const reading = explicitInstall("composer", ["composer.json", "composer.lock"], call, end);
  const step = bare ? reading.step : `${reading.step} --no-scripts --no-autoloader`;
  return { ...reading, step, movable: bare };
};

const dotnet: ToolReader = (call, { name = "", end }) => {
  const restores = name === "restore";
  const builds = ["build", "publish", "test", "pack", "run"].includes(name) && !has(call, "--no-restore");
  if (!restores && !builds) return undefined;
  const movable = restores && call.args[1] === undefined;
  const reading = explicitInstall("dotnet", ["*.csproj"], call, end);
  return { ...reading, explicit: restores, step: "dotnet restore", movable };
};

/** What reads a call of a tool, by its name. */
export const PROJECT_TOOLS: ReadonlyMap<string, ToolReader> = new Map([
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
function readUvPip(call: ProgramCall): InstallReading | undefined {
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
  const reading = explicitInstall("uv", files, call, args.indexOf(subcommand) + 2);
  const movable = subcommand.value === "sync" || operands.length === 0;
  return {
    ...reading,
    step: `${reading.step} ${subcommand.value === "sync" ? files.join(" ") : `-r ${files.join(" -r ")}`}`,
    movable,
  };
}

/** How many packages are named: then it is no manifest that is installed. */
function operandsAfter(call: ProgramCall, place: number): number {
  return readCommandLine(call.args.slice(place), { short: "", long: [] }).operands.length;
}
