// Which fields of a JSON body only some of the supported API versions know: an engine ignores the others in silence.

import { fieldGates, harmlessFields } from "./corrections.ts";
import { flatten, referenceName } from "./schema-type.ts";
import { isNewer, requestSchema } from "./source-facts.ts";
import type { Endpoint, Schema, SourceFacts } from "./source-facts.ts";

interface BodyField {
  /** Its place in the body: `[]` stands for each item, `{}` for each value of a map. */
  readonly place: string;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** The oldest API version the SDK speaks: what every version has needs no gate. */
const OLDEST_SPOKEN = "1.41";

/** The gated fields of an operation's body. An object whose fields all came together is gated as a whole. */
export function bodyFields(facts: SourceFacts, endpoint: Endpoint): readonly BodyField[] {
  const known = facts.fields.fields.filter(
    ({ method, path, body }) => method === endpoint.method && path === endpoint.path && body === "request",
  );
  const since = new Map(known.map((fact) => [fact.field, fact.sinceApi]));
  const schema = requestSchema(facts.swagger, endpoint);
  const young: BodyField[] = schema === undefined ? [] : youngFields(facts, schema, since);
  const gone = known.flatMap(({ field, removedInApi }): BodyField[] =>
    removedInApi !== null && isNewer(removedInApi, OLDEST_SPOKEN)
      ? [{ place: field, until: removedInApi }]
      : [],
  );
  const added = Object.entries(fieldGates[endpoint.operationId] ?? {}).map(([place, version]): BodyField => ({
    place,
    since: version,
  }));
  const places = new Set(added.map(({ place }) => place));
  return [...young.filter(({ place }) => !places.has(place)), ...gone, ...added]
    .filter(({ place }) => !harmlessFields.has(`${endpoint.operationId}.${place}`))
    .sort((left, right) => (left.place < right.place ? -1 : 1));
}

function youngFields(facts: SourceFacts, root: Schema, since: ReadonlyMap<string, string>): BodyField[] {
  const found = new Map<string, string>();

  /** The age of the oldest thing in a schema. Notes what is younger than its surroundings. */
  function visit(given: Schema, place: string): string {
    const schema = flatten(given);
    const name = referenceName(schema);
    if (name !== undefined) return visit(facts.swagger.definitions[name] ?? {}, place);
    const parts = [
      ...(schema.allOf ?? []).map((part) => [part, place] as const),
      ...Object.entries(schema.properties ?? {}).map(
        ([field, value]) => [value, place === "" ? field : `${place}.${field}`] as const,
      ),
      ...(schema.items === undefined ? [] : [[schema.items, `${place}[]`] as const]),
      ...(typeof schema.additionalProperties === "object"
        ? [[schema.additionalProperties, `${place}{}`] as const]
        : []),
    ];
    if (parts.length === 0) return since.get(place) ?? facts.endpoints.meta.floor;
    const ages = parts.map(([part, at]) => ({ at, age: visit(part, at) }));
    const oldest = ages.map(({ age }) => age).reduce((left, right) => (isNewer(left, right) ? right : left));
    for (const { at, age } of ages) if (at !== place && isNewer(age, oldest)) found.set(at, age);
    return oldest;
  }

  visit(root, "");
  return [...found]
    .filter(([, age]) => isNewer(age, OLDEST_SPOKEN))
    .map(([place, age]) => ({ place, since: age }));
}
