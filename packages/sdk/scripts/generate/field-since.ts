// Which field of a definition came with which API version.

import { flatten, referenceName } from "./schema-type.ts";
import { isNewer, requestSchema, responseSchema } from "./source-facts.ts";
import type { Schema, SourceFacts } from "./source-facts.ts";

/**
 * Places whose version is that of the document, not of the field: a body that was an object without fields before,
 * as the answer of stats was until 1.48.
 */
function describedLate({ fields }: SourceFacts): readonly string[] {
  const opaque = new Map<string, string>();
  for (const { method, path, body, field, removedInApi } of fields.fields) {
    if (!/\w/.test(field) && removedInApi !== null) opaque.set(`${method} ${path} ${body}`, removedInApi);
  }
  return fields.fields
    .filter(({ method, path, body, sinceApi }) => opaque.get(`${method} ${path} ${body}`) === sinceApi)
    .map(({ method, path, body, field }) => `${method} ${path} ${body} ${field}`);
}

const older = (left: string, right: string): string => (isNewer(left, right) ? right : left);

/**
 * `Definition.Field` → the version that added it, for fields younger than the oldest documents.
 *
 * The facts name fields by their place in a body. One definition sits in many bodies, some of them younger than
 * it, so that the oldest place counts; and they name leaves only, so that an object is as old as its oldest leaf.
 */
export function fieldVersions(facts: SourceFacts): ReadonlyMap<string, string> {
  const { floor } = facts.endpoints.meta;
  const known = new Map<string, string>();
  for (const { method, path, body, field, sinceApi } of facts.fields.fields) {
    known.set(`${method} ${path} ${body} ${field}`, sinceApi);
  }
  for (const place of describedLate(facts)) known.delete(place);
  const versions = new Map<string, string>();

  function visit(given: Schema, owner: string, place: string, prefix: string): string {
    const schema = flatten(given);
    const name = referenceName(schema);
    if (name !== undefined) {
      const definition = facts.swagger.definitions[name];
      return definition === undefined ? floor : visit(definition, name, place, prefix);
    }
    const ages: string[] = [];
    for (const part of schema.allOf ?? []) ages.push(visit(part, owner, place, prefix));
    for (const [field, value] of Object.entries(schema.properties ?? {})) {
      const key = `${owner}.${field}`;
      const age = visit(value, key, place === "" ? field : `${place}.${field}`, prefix);
      versions.set(key, older(versions.get(key) ?? age, age));
      ages.push(age);
    }
    if (schema.items !== undefined) ages.push(visit(schema.items, `${owner}[]`, `${place}[]`, prefix));
    if (typeof schema.additionalProperties === "object") {
      ages.push(visit(schema.additionalProperties, `${owner}{}`, `${place}{}`, prefix));
    }
    return ages.length === 0 ? (known.get(prefix + place) ?? floor) : ages.reduce(older);
  }

  for (const endpoint of facts.endpoints.endpoints) {
    const { method, path, operationId } = endpoint;
    const request = requestSchema(facts.swagger, endpoint);
    const response = responseSchema(facts.swagger, endpoint);
    if (request !== undefined) visit(request, `${operationId}Request`, "", `${method} ${path} request `);
    if (response !== undefined) visit(response, `${operationId}Response`, "", `${method} ${path} response `);
  }
  return new Map([...versions].filter(([, version]) => isNewer(version, floor)));
}
