/** Amounts as people read them. */

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** `45.2 MB`, in decimal units as the docker CLI shows them. */
export function showBytes(bytes: number): string {
  let [value, unit] = [Math.max(0, bytes), 0];
  while (value >= 999.5 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit] ?? "B"}`;
}

/** `0.42 s`, `3.2 s`, `2 min 5 s`. */
export function showSeconds(seconds: number): string {
  if (seconds < 0.005) return "0 s";
  if (seconds < 0.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `1,204 files`, `1 file`. */
export function showCount(count: number, noun: string, several = `${noun}s`): string {
  return `${showNumber(count)} ${count === 1 ? noun : several}`;
}

/** `1,204` */
export function showNumber(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** How much of a whole a part is, as `72 %`; `<1 %` where rounding would make it nothing, and never 100 % of less. */
export function showShare(part: number, whole: number): string {
  const percent = share(part, whole) * 100;
  if (percent > 0 && percent < 1) return "<1 %";
  return `${percent < 100 ? Math.min(99, Math.round(percent)) : 100} %`;
}

/** How much of a whole a part is, from 0 to 1. */
export function share(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}
