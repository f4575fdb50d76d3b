import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "../../transport/call.ts";
import { integer, record, type Check } from "../../values/argument.ts";

/** Size of a terminal, in characters. */
export interface TerminalSize {
  /** Lines. */
  readonly rows: number;
  /** Characters in a line. */
  readonly columns: number;
}

const isObject = record("size", "{ rows: 24, columns: 80 }");
const isRows = integer("rows", "24");
const isColumns = integer("columns", "80");

/** Takes a {@link TerminalSize}, and whatever else has one: `process.stdout`. */
export const terminalSize: Check = (value, of) => {
  isObject(value, of);
  const { rows, columns } = value as Partial<TerminalSize>; // as was checked
  isRows(rows, of);
  isColumns(columns, of);
};

/** Resizes the terminal of a container. */
export async function resizeContainer(
  caller: Caller,
  id: string,
  { rows, columns }: TerminalSize,
): Promise<void> {
  await caller.call("ContainerResize", { path: { id }, query: { h: rows, w: columns } });
}

/** Whether a container has a TTY, from the engine. */
export async function containerTty(
  caller: Caller,
  id: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { Config } = await caller.call("ContainerInspect", { path: { id }, signal });
  // What is no engine may leave it out.
  return (Config as typeof Config | null | undefined)?.Tty === true;
}

/**
 * Whether the output is that of a TTY, from the answer's content type: decided from API 1.42; before, attach and
 * exec say `raw-stream` in either case and logs say nothing (seen on 20.10.24).
 */
export function ttyOf(headers: IncomingHttpHeaders): boolean | undefined {
  return headers["content-type"] === "application/vnd.docker.multiplexed-stream" ? false : undefined;
}
