/** Calls of package managers that hadolint sees: the others stand behind `sudo`, `env` or a path, where it does not look. */
import { packageCallsOf, type PackageCall } from "../commands.ts";
import { hadolintCommands, hasArgument, type HadolintCommand } from "../hadolint-command.ts";
import type { Script } from "../nodes.ts";

/** The first call whose command is as wanted: hadolint reports an instruction once. */
export function firstCallForHadolint(
  script: Script,
  isWanted: (command: HadolintCommand) => boolean,
): PackageCall | undefined {
  const wanted = new Set(
    hadolintCommands(script)
      .filter(isWanted)
      .map(({ command }) => command),
  );
  return wanted.size === 0 ? undefined : packageCallsOf(script).find(({ call }) => wanted.has(call.command));
}

/** Whether a command is `pip install` or `python -m pip install`, for hadolint. */
export function installsWithPip(command: HadolintCommand): boolean {
  const { name, args } = command;
  const [first, second] = args;
  const runsPip =
    name.startsWith("python") && first?.text === "-m" && second?.text.startsWith("pip") === true;
  const isPip = (name.startsWith("pip") && !/^pip(?:env|x)/.test(name)) || runsPip;
  return isPip && hasArgument(command, "install");
}
