/** What an engine says of an image. */
import type { ImageFacts } from "../../semantics/images/image-facts.ts";
import type { models } from "../port.ts";
import type { EngineRun } from "../with-engine.ts";

/** An image that the engine has, by its own id. */
export interface FoundImage {
  readonly id: string;
  readonly facts: ImageFacts;
}

/** Looks at an image; pulls it first where it is missing and `pull` allows that. Undefined where it is not there. */
export async function findImage(
  run: EngineRun,
  name: string,
  { pull, platform }: { readonly pull: boolean; readonly platform: string | undefined },
): Promise<FoundImage | undefined> {
  const { docker } = run.engine;
  const { signal } = run;
  const found = await orMissing(docker.images.get(name).inspect({ signal }));
  if (found !== undefined) return { id: found.Id, facts: imageFacts(run, name, found) };
  if (!pull) return undefined;
  await docker.images.pull(name, { ...(platform !== undefined && { platform }), signal });
  const pulled = await orMissing(docker.images.get(name).inspect({ signal }));
  return pulled && { id: pulled.Id, facts: imageFacts(run, name, pulled) };
}

/** The facts of an image, as its configuration has them. */
export function imageFacts(
  { engine }: EngineRun,
  name: string,
  { Id, Config, Os, Architecture, Variant, RepoDigests, Size }: models.ImageInspect,
): ImageFacts {
  const { User, Shell, Env, WorkingDir, OnBuild, ExposedPorts, Healthcheck } = Config ?? {};
  return {
    user: User ?? "",
    shell: Shell && Shell.length > 0 ? Shell : undefined,
    env: new Map((Env ?? []).map(splitPair)),
    workdir: WorkingDir ?? "",
    onbuild: OnBuild ?? [],
    ports: Object.keys(ExposedPorts ?? {}).sort(),
    healthcheck: Healthcheck?.Test && Healthcheck.Test.length > 0 ? Healthcheck.Test : undefined,
    platform: [Os, Architecture, ...(Variant ? [Variant] : [])].join("/"),
    isPulled: (RepoDigests ?? []).length > 0,
    bytes: Size,
    programs: new Map(),
    source: `inspected ${name} (${shortId(Id)}), engine ${engine.version}`,
  };
}

/** `sha256:0123456789ab` */
export function shortId(id: string): string {
  return id.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1");
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return at === -1 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
}

async function orMissing<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}
