import { operations, type OperationRow } from "../generated/operations.ts";

/**
 * Refuses a path whose arguments have slashes, as image names may, and that so became the path of another operation:
 * the service `x/logs` is inspected at `/services/x/logs`. Escaping does not help, since the engine routes by the
 * unescaped path.
 */
export function checkRoute(operation: string, row: OperationRow, path: string): void {
  if (slashes(path) === slashes(row.path)) return; // no argument has one
  const segments = path.split("/");
  for (const [other, { method, path: template }] of Object.entries<OperationRow>(operations)) {
    if (other === operation || method !== row.method || !matches(template.split("/"), segments)) continue;
    throw new TypeError(
      `An argument of ${operation} leads to another endpoint, ${other}: ${JSON.stringify(path)}`,
    );
  }
}

function slashes(path: string): number {
  let count = 0;
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) count++;
  return count;
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, index) => part === segments[index] || part.startsWith("{"))
  );
}
