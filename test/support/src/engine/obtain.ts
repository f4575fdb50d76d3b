import { busyboxImage, busyboxLabel, ensureBusybox } from "./busybox.ts";
import { howToGetAnEngine, sayOnStderr, whyNoPrivateEngine, type Say } from "./debian.ts";
import { findEngine, type FoundEngine } from "./find.ts";
import { registryBeside } from "./found-registry.ts";
import { startEngine, type EngineFacts, type StartOptions } from "./start.ts";
import { stateOf } from "./state.ts";
import { sweep } from "./sweep.ts";
import { containerdArgs, containerdVariant, type EngineRelease } from "./versions.ts";

export interface ObtainedEngine extends EngineFacts, AsyncDisposable {
  /** `found`: somebody's own engine, on which only labelled things may be removed. */
  readonly origin: "found" | "private";
}

export interface ObtainOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly say?: Say;
  /** Also provide a registry beside an engine that was found. A private engine always has one. Default false. */
  readonly registry?: boolean;
  /** On an engine that was found, what has this value of our label is removed at the end. Default: any value. */
  readonly labelled?: string;
}

/** A found engine, else a private one; where neither is possible, an error that says what is missing. */
export async function obtainEngine(options: ObtainOptions = {}): Promise<ObtainedEngine> {
  const { env = process.env, say = sayOnStderr } = options;
  const { engine, tried } = await findEngine(env);
  if (engine !== undefined) return adopt(engine, options);

  const reason = await whyNoPrivateEngine();
  if (reason !== undefined) {
    throw new Error(`no Docker engine at ${tried.join(" or ")}, and ${reason}. ${howToGetAnEngine}`);
  }
  return obtainPrivate(undefined, say);
}

export async function obtainPrivate(
  choice: EngineRelease | typeof containerdVariant | undefined,
  say: Say,
): Promise<ObtainedEngine> {
  const engine = await startEngine({ say, ...startOptionsOf(choice) });
  return { ...engine, origin: "private" };
}

async function adopt(
  engine: FoundEngine,
  { registry = false, labelled, say = sayOnStderr }: ObtainOptions,
): Promise<ObtainedEngine> {
  await ensureBusybox(engine.host, true, say);
  // One that `npm run engine -- start` left running has a registry in its own network.
  const ours = await stateOf(engine.host);
  const beside = registry && ours === undefined ? await registryBeside(engine.host, say) : undefined;
  return {
    ...engine,
    image: busyboxImage,
    registry: ours?.registry ?? beside?.address,
    networkPid: ours?.init?.pid,
    origin: "found",
    async [Symbol.asyncDispose]() {
      await beside?.[Symbol.asyncDispose]();
      if (ours !== undefined) return;
      await sweep(engine.host, labelled);
      if (labelled !== undefined) await sweep(engine.host, busyboxLabel);
    },
  };
}

function startOptionsOf(choice: EngineRelease | typeof containerdVariant | undefined): StartOptions {
  if (choice === undefined) return {};
  return choice === containerdVariant
    ? { version: "28.5.2", daemonArgs: containerdArgs }
    : { version: choice };
}
