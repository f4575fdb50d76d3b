/** Builds a pair and says what the two differ in. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BuildOptions, Docker, Image } from "docker-engine-sdk";
import type { EvidenceCase } from "./cases.ts";

/** What a Dockerfile costs. */
export interface Cost {
  /** Above the base. */
  readonly bytes: number;
  readonly layers: number;
  readonly rebuild: Rebuild | undefined;
}

/** What building again after a change takes. */
interface Rebuild {
  readonly seconds: number;
  /** The steps that were not taken from the cache. */
  readonly steps: readonly string[];
}

/** How a Dockerfile is built. */
export interface Way {
  readonly docker: Docker;
  readonly builder: "classic" | "buildkit";
  readonly base: string;
}

/** Builds it from nothing, and again after the change. */
export async function costOf(way: Way, pair: EvidenceCase, variant: "bad" | "good"): Promise<Cost> {
  const { docker, builder, base } = way;
  const context = await mkdtemp(join(tmpdir(), "evidence-"));
  const images: Image[] = [];
  const build = async (options: Partial<BuildOptions>): Promise<readonly string[]> => {
    const dockerfile = { text: `FROM ${base}\n${pair[variant]}` };
    const operation = docker.images.build({ context, dockerfile, builder, ...options });
    const ran: string[] = [];
    for await (const event of operation) {
      if (event.type !== "step" || event.state !== "completed" || event.step.number === undefined) continue;
      if (!/^(?:FROM|ARG|ENV|WORKDIR) /.test(event.step.name)) ran.push(event.step.name);
    }
    images.push(await operation);
    return ran;
  };
  try {
    await writeFiles(context, { ...pair.files, ...(variant === "good" ? pair.goodFiles : {}) });
    await build({ noCache: true });
    const [first] = images;
    if (first === undefined) throw new Error(`${pair.rule}: the build gave no image`);
    const [own, below] = await Promise.all([first.inspect(), docker.images.get(base).inspect()]);
    const bytes = own.Size - below.Size;
    const layers = (own.RootFS?.Layers?.length ?? 0) - (below.RootFS?.Layers?.length ?? 0);
    const { change } = pair;
    if (change === undefined) return { bytes, layers, rebuild: undefined };
    if ("file" in change) await writeFiles(context, { [change.file]: `changed ${Date.now()}\n` });
    const buildArgs = "argument" in change ? { [change.argument]: String(Date.now()) } : {};
    const start = performance.now();
    const steps = await build({ buildArgs });
    return { bytes, layers, rebuild: { seconds: (performance.now() - start) / 1000, steps } };
  } finally {
    for (const image of images.toReversed()) await image.remove({ force: true }).catch(() => undefined); // the same twice
    await rm(context, { recursive: true });
  }
}

async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}
