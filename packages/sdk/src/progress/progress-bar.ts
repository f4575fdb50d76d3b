import type { ProgressEvent } from "./event.ts";
import { fit, printable, widthOf } from "../screen-text.ts";

// The longest states fit, so that the bars of most rows begin in the same column.
const labelColumns = 35;
const longestBar = 40;
const shortestBar = 8;

/** True for the states that end the work on a part. */
export function isDone({ state }: Pick<ProgressEvent, "state">): boolean {
  return /^(?:pull complete|already exists|layer already exists|pushed|mounted from .*|loaded|saved)$/i.test(
    state,
  );
}

/** A part on one line of at most `columns`: name, state, a bar where there is room, the amount. */
export function progressRow(event: ProgressEvent, columns: number): string {
  const label = progressLabel(event);
  const { current, total, unit } = event;
  if (current === undefined || isDone(event)) return fit(label, columns);
  if (unit === "seconds") return fit(`${label} ${current}s`, columns);
  const known = total !== undefined && total > 0;
  const amount = known ? `${bytes(current)}/${bytes(total)}` : bytes(current);
  const padded = label.padEnd(columns > 2 * labelColumns ? labelColumns : 0);
  const room = Math.min(longestBar, columns - widthOf(padded) - amount.length - 4);
  if (!known) return fit(`${padded} ${amount}`, columns);
  const fraction = Math.min(1, current / total);
  if (room >= shortestBar) return `${padded} ${bar(fraction, room)} ${amount}`;
  return fit(`${label} ${Math.floor(fraction * 100)}%`, columns);
}

export function progressLabel({ id, state }: Pick<ProgressEvent, "id" | "state">): string {
  const separator = id === "" ? "" : id.endsWith(":") ? " " : ": ";
  return printable(`${id}${separator}${state}`);
}

function bar(fraction: number, width: number): string {
  const filled = Math.round(fraction * width);
  const head = filled > 0 && filled < width ? `${"=".repeat(filled - 1)}>` : "=".repeat(filled);
  return `[${head.padEnd(width)}]`;
}

/** `12.3MB`, in the decimal units that the docker CLI shows. */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** power;
  return `${power === 0 ? String(value) : value.toPrecision(Math.max(3, String(Math.floor(value)).length))}${units[power]}`;
}
