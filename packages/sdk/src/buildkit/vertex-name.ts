import type { BuildStep } from "../progress/event.ts";

/** `[build 2/5] RUN make` → stage, number, total, name. What is no step of the Dockerfile keeps its name. */
export function parseVertexName(name: string): Omit<BuildStep, "id"> {
  const [, stage, number, total, rest] = /^\[(?:(\S.*?) +)?(\d+)\/(\d+)\] +(.*)$/s.exec(name) ?? [];
  if (number === undefined || rest === undefined) return { name, number: undefined, total: undefined };
  return { name: rest, number: Number(number), total: Number(total), ...(stage !== undefined && { stage }) };
}
