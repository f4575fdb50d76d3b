/** Joins the layers of an image with the instructions that made them, by the history that its builder wrote. */
import type { Model, Stage } from "../../semantics/model.ts";
import type { Instruction } from "../../syntax/nodes.ts";
import { triggersOf, type Builder } from "./measure-steps.ts";
import { RUN_LABEL } from "../owner.ts";

/** Where a layer comes from. */
export type LayerOrigin =
  | { readonly kind: "instruction" | "trigger"; readonly instruction: Instruction }
  | { readonly kind: "base" | "unknown" };

/** What is needed of a layer. */
export interface LayerPlace {
  /** Index in the history; undefined where history and layers do not fit each other. */
  readonly historyIndex: number | undefined;
}

/** What is known of the build that made the image. */
export interface JoinedBuild {
  readonly builder: Builder;
  /** How many ONBUILD triggers of the base image ran: those that change files with BuildKit, all with the classic one. */
  readonly triggers: number;
}

/**
 * The origin of each layer, the lowest first. The history ends with the instructions of the target and of the stages it is
 * based on; what comes before them is the base image's.
 * @param history what made each step, the oldest first, steps that made no layer included
 */
export function joinLayers(
  layers: readonly LayerPlace[],
  history: readonly string[],
  model: Model,
  { builder, triggers }: JoinedBuild,
): readonly LayerOrigin[] {
  const chain = model.target === undefined ? [] : chainOf(model.target);
  const joined = joinHistory(history, chain, builder);
  if (joined === undefined || layers.some(({ historyIndex }) => historyIndex === undefined)) {
    return layers.map(() => ({ kind: "unknown" }));
  }
  const below = layers.filter(({ historyIndex = 0 }) => historyIndex < joined.first).length;
  const root = chain[0]?.from;
  return layers.map(({ historyIndex = 0 }, index): LayerOrigin => {
    const origin = joined.origins.get(historyIndex);
    if (origin !== undefined) return origin;
    const isTrigger =
      builder === "classic" ? historyIndex >= joined.first - triggers : index >= below - triggers;
    return isTrigger && root !== undefined ? { kind: "trigger", instruction: root } : { kind: "base" };
  });
}

/** The stages whose files are in the result, the lowest first. */
export function chainOf(target: Stage): Stage[] {
  const chain: Stage[] = [];
  for (let stage: Stage | undefined = target; stage !== undefined; stage = stage.base.stage) {
    if (chain.includes(stage)) break;
    chain.unshift(stage);
  }
  return chain;
}

interface JoinedHistory {
  /** The index of the first entry that an instruction of this Dockerfile wrote. */
  readonly first: number;
  readonly origins: ReadonlyMap<number, LayerOrigin>;
}

/** From the end, where both must agree entry by entry; undefined where they do not. */
function joinHistory(
  history: readonly string[],
  chain: readonly Stage[],
  builder: Builder,
): JoinedHistory | undefined {
  const origins = new Map<number, LayerOrigin>();
  let at = history.length;
  // The classic builder makes an instruction of every label that a build is given.
  while (builder === "classic" && isRunLabel(history[at - 1])) at -= 1;
  for (const { keyword, origin } of chain.flatMap(writtenBy).toReversed()) {
    // BuildKit keeps triggers for others in the configuration alone.
    if (builder === "buildkit" && keyword === "ONBUILD") continue;
    at -= 1;
    if (keywordOf(history[at]) !== keyword) return undefined;
    origins.set(at, origin);
  }
  return { first: at, origins };
}

/** What a stage writes into the history: first what the stage that it is based on has left for it. */
function writtenBy({ base, from, instructions }: Stage): { keyword: string; origin: LayerOrigin }[] {
  const triggers = base.stage === undefined ? [] : triggersOf(base.stage);
  return [
    ...triggers.map(({ keyword }) => ({
      keyword,
      origin: { kind: "trigger", instruction: from } as const,
    })),
    ...instructions.map((instruction) => ({
      keyword: instruction.keyword,
      origin: { kind: "instruction", instruction } as const,
    })),
  ];
}

function isRunLabel(createdBy: string | undefined): boolean {
  return keywordOf(createdBy) === "LABEL" && createdBy?.includes(`LABEL ${RUN_LABEL}=`) === true;
}

/**
 * `COPY a b # buildkit` and `RUN /bin/sh -c make` of BuildKit, `/bin/sh -c #(nop)  COPY …` and `/bin/sh -c make` of the
 * classic builder, which has the shell in effect in front.
 */
function keywordOf(createdBy: string | undefined): string | undefined {
  if (createdBy === undefined) return undefined;
  const [, nop] = / #\(nop\)\s+([A-Z]+)\b/.exec(createdBy) ?? [];
  const [, plain] = /^([A-Z]+) /.exec(createdBy) ?? [];
  return nop ?? (plain !== undefined && KEYWORDS.has(plain) ? plain : "RUN");
}

const KEYWORDS = new Set(
  "RUN COPY ADD WORKDIR ENV ARG LABEL CMD ENTRYPOINT EXPOSE VOLUME USER SHELL STOPSIGNAL HEALTHCHECK MAINTAINER ONBUILD".split(
    " ",
  ),
);
