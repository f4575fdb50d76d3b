import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Debian keeps daemons in sbin, which is not on every PATH; its own folders come first, so that its versions win. */
export const systemPath = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin";

export function systemEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, PATH: systemPath, LC_ALL: "C.UTF-8", ...extra };
}

/** Runs a system command to its end and answers its standard output; a failure carries what it printed. */
export async function run(
  command: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<string> {
  try {
    const { stdout } = await execute(command, args, {
      env: systemEnvironment(env),
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stderr = "", stdout = "" } = error as { stderr?: string; stdout?: string };
    const said = (stderr.trim() || stdout.trim()).split("\n").slice(-15).join("\n");
    throw new Error(`${command} ${args.join(" ")} failed: ${said || String(error)}`, { cause: error });
  }
}

export async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, { env: systemEnvironment(), stdio: "ignore" });
  try {
    const [code] = (await once(child, "exit")) as [number | null];
    return code === 0;
  } catch {
    return false;
  }
}
