import { UnsupportedError } from "../errors.ts";
import type { FieldRow, OperationRow } from "../generated/operations.ts";
import { compareApiVersions } from "./api-version.ts";
import { givenFields } from "./body-field.ts";
import type { QueryValue } from "./url.ts";

/** Older than any engine that is spoken to. */
const everywhere = "1.25";

function isEmpty(query: Readonly<Record<string, QueryValue>>): boolean {
  for (const name in query) if (query[name] !== undefined) return false;
  return true;
}

/**
 * Refuses what the engine would ignore or answer with a 404, before it is sent.
 * @throws UnsupportedError when the operation, a parameter or a field of the body is not of this API version.
 */
export function checkVersion(
  operation: string,
  row: OperationRow,
  query: Readonly<Record<string, QueryValue>>,
  body: unknown,
  version: string,
): void {
  // What a call asks most of the time: nothing that is not in every version.
  if (row.since === everywhere && row.fields === undefined && isEmpty(query)) return;
  const missing = ({ since, until }: FieldRow): string | undefined =>
    since !== undefined && compareApiVersions(version, since) < 0
      ? `API ${since} or newer`
      : until !== undefined && compareApiVersions(version, until) >= 0
        ? `an API older than ${until}`
        : undefined;
  const refuse = (what: string, needs: string): never => {
    const has = `API ${version}`;
    throw new UnsupportedError(`${what} needs ${needs}; ${has} is spoken with this engine.`, {
      operation,
      needs,
      has,
    });
  };
  const needs = missing(row);
  if (needs !== undefined) refuse(operation, needs);
  for (const [name, value] of Object.entries(query)) {
    const needs = value === undefined ? undefined : missing(row.query[name] ?? {});
    if (needs !== undefined) refuse(`${operation} parameter "${name}"`, needs);
  }
  for (const [place, field] of Object.entries(row.fields ?? {})) {
    const needs = missing(field);
    if (needs === undefined) continue;
    // A field that went is still answered by some engines, as 0 where it was never set; it may be sent back.
    const counts = (value: unknown): boolean => field.until === undefined || (value !== 0 && value !== false);
    const given = givenFields(body, place).find(({ value }) => counts(value));
    if (given !== undefined) refuse(`${operation} field "${given.name}"`, needs);
  }
}
