/** From a command line to an exit code. All commands but `check` are loaded when they are asked for. */
import { check, fix } from "./commands/check.ts";
import { parseCommandLine, type Options } from "./arguments.ts";
import { printable } from "../report/printable.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { commandHelp, generalHelp } from "./help.ts";
import type { InterruptedError } from "../engine/engine-error.ts";
import type { CommandName } from "./options.ts";
import type { Host } from "./host.ts";

export { processHost } from "./host.ts";

/** Runs one command line. What the user did wrong is told in a sentence; a defect of ours with its stack. */
export async function run(argv: readonly string[], host: Host): Promise<ExitCode> {
  try {
    const line = parseCommandLine(argv);
    if (line.options.has("version")) {
      host.out(`dflint ${host.version}\n`);
      return EXIT.clean;
    }
    if (line.options.has("help")) {
      host.out(line.isNamed ? commandHelp(line.command) : generalHelp());
      return EXIT.clean;
    }
    const command = await LOADERS[line.command]();
    return await command(line.options, line.operands, host);
  } catch (error) {
    return failWith(error, host);
  }
}

/** Engines are the business of few commands: their errors are told by their names, so that nothing is loaded for them. */
function failWith(error: unknown, host: Host): ExitCode {
  if (error instanceof Error && error.name === "InterruptedError") {
    const { exitCode } = error as InterruptedError; // no other error has this name
    return exitCode;
  }
  host.err(describeError(error));
  return error instanceof Error && error.name === "EngineUnavailableError" ? EXIT.noEngine : EXIT.usage;
}

type Command = (options: Options, operands: readonly string[], host: Host) => ExitCode | Promise<ExitCode>;

const LOADERS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  // Nearly every run is one of these: their code comes along.
  check: () => Promise.resolve(check),
  fix: () => Promise.resolve(fix),
  measure: async () => (await import("./commands/measure.ts")).measureFiles,
  verify: async () => (await import("./commands/verify.ts")).verify,
  cache: async () => (await import("./commands/cache.ts")).cache,
  explain: async () => (await import("./commands/explain.ts")).explain,
  rules: async () => (await import("./commands/rules.ts")).listRules,
  config: async () => (await import("./commands/config.ts")).showConfig,
  baseline: async () => (await import("./commands/baseline.ts")).baseline,
  migrate: async () => (await import("./commands/migrate.ts")).migrate,
  completion: async () => (await import("./commands/completion.ts")).completion,
  lsp: async () => (await import("./commands/lsp.ts")).languageServer,
  init: async () => (await import("./commands/init.ts")).init,
};

/** Mistakes of the user are errors with these names. */
const USER_ERRORS: ReadonlySet<string> = new Set([
  "UsageError",
  "ConfigError",
  "ShellcheckError",
  "EngineUnavailableError",
  "EngineRefusalError",
  "ContextCopyError",
]);

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `dflint: ${String(error)}\n`;
  if (USER_ERRORS.has(error.name)) return `dflint: ${error.message.split("\n").map(printable).join("\n")}\n`;
  return `dflint: This is a defect of dflint, please report it.\n${error.stack ?? error.message}\n`;
}
