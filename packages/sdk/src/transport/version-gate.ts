import { UnsupportedError } from "../errors.ts";
import type { OperationRow, QueryRow } from "../generated/operations.ts";
import { compareApiVersions } from "./api-version.ts";
import type { QueryValue } from "./url.ts";

/**
 * Refuses what the engine would ignore or answer with a 404, before it is sent.
 * @throws UnsupportedError when the operation or a parameter given is not of this API version.
 */
export function checkVersion(
  operation: string,
  row: OperationRow,
  query: Readonly<Record<string, QueryValue>>,
  version: string,
): void {
  const check = ({ since, until }: Pick<QueryRow, "since" | "until">, what: string): void => {
    const needs =
      since !== undefined && compareApiVersions(version, since) < 0
        ? `API ${since} or newer`
        : until !== undefined && compareApiVersions(version, until) >= 0
          ? `an API older than ${until}`
          : undefined;
    if (needs === undefined) return;
    const has = `API ${version}`;
    throw new UnsupportedError(`${what} needs ${needs}; ${has} is spoken with this engine.`, {
      operation,
      needs,
      has,
    });
  };
  check(row, operation);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) check(row.query[name] ?? {}, `${operation} parameter "${name}"`);
  }
}
