/** A length within a drawing: short, and a number whatever it came from. */
export function length(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : "0";
}
