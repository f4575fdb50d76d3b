import { statSync } from "node:fs";
import { parseArgs } from "node:util";
import { sayOnStderr } from "./engine/debian.ts";
import { prepareEngine } from "./engine/prepare.ts";
import { isAlive } from "./engine/process-table.ts";
import { startEngine } from "./engine/start.ts";
import { listStates, removeState, sweepCrashed } from "./engine/state.ts";
import { allReleases, defaultRelease, parseRelease } from "./engine/versions.ts";

const usage = `npm run engine -- start [--version V]   start a private engine that stays, print how to use it
npm run engine -- prepare [--version V] install what engines run on, of one release or all; start does it, too
npm run engine -- env [--version V]     print that again, for the one that started last
npm run engine -- status                list the engines the tests and this command started
npm run engine -- stop [--version V]    remove the engine that start started, and what crashed runs left;
                                        DOCKER_HOST or --version says which of several, --all means all
`;

async function detached(version: string | undefined): Promise<Awaited<ReturnType<typeof listStates>>> {
  const states = await listStates();
  return states.filter(
    ({ state }) => state?.owner === null && (version === undefined || state.version === version),
  );
}

function socketOf(folder: string): string {
  return `unix://${folder}/docker.sock`;
}

/** When an engine was made, in milliseconds. */
function startOf({ folder }: { readonly folder: string }): number {
  return statSync(folder).birthtimeMs;
}

function environment(folder: string, networkPid: number, registry: string | undefined): string {
  return [
    `export DOCKER_HOST=${socketOf(folder)}`,
    `# registry and published ports are in its network: nsenter --target ${networkPid} --net COMMAND`,
    `# registry: ${registry ?? "none"}`,
  ].join("\n");
}

interface Options {
  readonly version?: string | undefined;
  readonly all?: boolean | undefined;
}

const commands: Record<string, (options: Options) => Promise<void>> = {
  async start({ version }) {
    const engine = await startEngine({ version: parseRelease(version ?? defaultRelease), outlivesUs: true });
    const folder = engine.socketPath.slice(0, -"/docker.sock".length);
    console.log(environment(folder, engine.networkPid, engine.registry));
  },
  async prepare({ version }) {
    const releases = version === undefined ? allReleases : [parseRelease(version)];
    await Promise.all(releases.map((release) => prepareEngine(release, sayOnStderr)));
  },
  async env({ version }) {
    const running: {
      readonly folder: string;
      readonly init: number;
      readonly registry: string | undefined;
    }[] = [];
    for (const { folder, state } of await detached(version)) {
      if (state?.init !== undefined && (await isAlive(state.init)))
        running.push({ folder, init: state.init.pid, registry: state.registry });
    }
    const own = running.find(({ folder }) => process.env["DOCKER_HOST"] === socketOf(folder));
    const meant = own ?? running.toSorted((left, right) => startOf(right) - startOf(left))[0];
    if (meant === undefined) throw new Error("no engine runs; see npm run engine -- start");
    console.log(environment(meant.folder, meant.init, meant.registry));
  },
  async status() {
    for (const { folder, state } of await listStates()) {
      if (state === undefined) continue;
      const runs = state.init !== undefined && (await isAlive(state.init));
      const owner = state.owner === null ? "until stop" : `of process ${state.owner.pid}`;
      console.log(`${state.version}  ${runs ? "runs" : "gone"}  ${owner}  ${socketOf(folder)}`);
    }
  },
  async stop({ version, all = false }) {
    const running = await detached(version);
    const named = running.filter(({ folder }) => process.env["DOCKER_HOST"] === socketOf(folder));
    const isOurs = process.env["DOCKER_HOST"]?.endsWith("/docker.sock") === true && version === undefined;
    const meant = all || (named.length === 0 && !isOurs) ? running : named;
    if (meant.length === 0 && running.length > 0) {
      throw new Error("DOCKER_HOST is none of the engines that run; unset it, or say --version or --all");
    }
    // Others may use theirs: nothing is removed on a guess.
    if (meant.length > 1 && !all) {
      const list = meant.map(({ folder }) => `  ${socketOf(folder)}`).join("\n");
      throw new Error(`several engines run; say which with DOCKER_HOST or --version, or --all:\n${list}`);
    }
    for (const { folder, state } of meant) {
      await removeState(folder, state);
      console.log(`removed ${folder}`);
    }
    for (const folder of await sweepCrashed()) console.log(`removed ${folder}, left by a crash`);
  },
};

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    options: { version: { type: "string" }, all: { type: "boolean" }, help: { type: "boolean" } },
    allowPositionals: true,
  });
  const command = commands[positionals[0] ?? ""];
  if (values.help === true) {
    process.stdout.write(usage);
    return;
  }
  if (command === undefined || positionals.length > 1) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  await command(values);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
