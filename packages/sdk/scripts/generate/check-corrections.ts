// A correction that corrects nothing is a mistake, or the documents have caught up: either way it must go.

import * as operations from "./corrections.ts";
import * as bodies from "./model-corrections.ts";
import type { SourceFacts } from "./source-facts.ts";

/** Throws, naming every correction whose operation, parameter, definition or field is not in the facts. */
export function checkCorrections(facts: SourceFacts, models: string, definitions: readonly string[]): void {
  const { endpoints, undocumentedQuery } = facts.endpoints;
  const ids = new Set(endpoints.map(({ operationId }) => operationId));
  const parameters = new Set<string>();
  for (const { operationId, params } of endpoints) {
    for (const { name } of params) parameters.add(`${operationId}.${name}`).add(`*.${name}`);
  }
  for (const { operationId, query } of undocumentedQuery) {
    for (const name of query) parameters.add(`${operationId}.${name}`);
  }
  const names = new Set(definitions);
  // A field of a field, such as Plugin.Config, is looked up by its last name.
  const hasField = (path: string): boolean => {
    const field = path.split(".").at(-1) ?? "";
    return names.has(path.split(".")[0] ?? "") && new RegExp(`readonly "?${field}"?\\??: `).test(models);
  };
  const stale = [
    ...Object.keys(operations.parameterCorrections).filter((key) => !parameters.has(key)),
    ...[...operations.ignoredQueryNames].filter((key) => !parameters.has(key)),
    ...Object.keys(operations.addedHeaders).filter((id) => !ids.has(id)),
    ...[...operations.requiredBodies, ...operations.byteBodies].filter((id) => !ids.has(id)),
    ...[
      ...Object.keys(operations.fieldGates),
      ...[...operations.harmlessFields].map((key) => key.split(".")[0] ?? ""),
    ].filter((id) => !ids.has(id)),
    ...Object.keys(operations.answers).filter((id) => !ids.has(id)),
    ...operations.addedOperations.map(({ operationId }) => operationId).filter((id) => ids.has(id)),
    ...Object.keys(bodies.addedDefinitions).filter((name) => name in facts.swagger.definitions),
    ...[...bodies.pointerOnlyInDocuments].filter((name) => !names.has(name)),
    ...Object.keys(bodies.fieldTypes).filter((path) => !hasField(path)),
    ...Object.keys(bodies.addedFields).filter((path) => !names.has(path) && !hasField(path)),
    ...Object.entries(bodies.alwaysPresent).flatMap(([name, fields]) =>
      fields
        .split(" ")
        .map((field) => `${name}.${field}`)
        .filter((path) => !hasField(path)),
    ),
  ];
  if (stale.length > 0) throw new Error(`corrections of what is not there: ${stale.join(", ")}`);
}
