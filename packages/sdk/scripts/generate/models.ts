// Definitions, and the bodies written out inside operations → interfaces and aliases.

import { addedDefinitions, addedFields, alwaysPresent, fieldTypes } from "./model-corrections.ts";
import { fieldVersions } from "./field-since.ts";
import { flatten, isNullable, propertyName, referenceName, schemaType } from "./schema-type.ts";
import type { TypeWriter } from "./schema-type.ts";
import { requestSchema, responseSchema } from "./source-facts.ts";
import type { Schema, SourceFacts, Swagger } from "./source-facts.ts";

/** The name of a body's model, or its type when it needs none. */
interface BodyNames {
  readonly request: (operationId: string) => string | undefined;
  readonly response: (operationId: string) => string | undefined;
}

export interface Models {
  readonly text: string;
  readonly bodies: BodyNames;
  /** Every exported name. */
  readonly names: readonly string[];
}

export function writeModels(facts: SourceFacts): Models {
  const { bodies, definitions } = nameBodies(facts);
  const swagger: Swagger = {
    ...facts.swagger,
    definitions: { ...facts.swagger.definitions, ...addedDefinitions, ...definitions },
  };
  const versions = fieldVersions(facts);
  const writer: TypeWriter = {
    swagger,
    objectBody: (schema, owner) => {
      const outer = versions.get(owner.replaceAll(/\[\]|\{\}/g, ""));
      return `{\n${fields(writer, versions, schema, owner, outer)}\n}`;
    },
  };
  const names = Object.keys(swagger.definitions).sort();
  const declarations = names.map((name) => declare(writer, versions, name, swagger.definitions[name] ?? {}));
  return { text: declarations.join("\n\n") + "\n", bodies, names };
}

function nameBodies(facts: SourceFacts): { bodies: BodyNames; definitions: Record<string, Schema> } {
  const definitions: Record<string, Schema> = {};
  const taken = facts.swagger.definitions;
  const types = new Map<string, string>();
  const anonymous: TypeWriter = { swagger: facts.swagger, objectBody: () => "never" };

  function nameOf(given: Schema, name: string): string {
    const schema = flatten(given);
    const item = schema.items === undefined ? undefined : flatten(schema.items);
    if (item?.properties !== undefined) return `readonly ${nameOf(item, `${name}Item`)}[]`;
    if (schema.properties === undefined && schema.allOf === undefined)
      return schemaType(anonymous, schema, name);
    if (name in taken) throw new Error(`${name} is both a definition and the body of an operation`);
    definitions[name] = schema;
    return name;
  }
  for (const endpoint of facts.endpoints.endpoints) {
    const { operationId } = endpoint;
    const request = requestSchema(facts.swagger, endpoint);
    const response = responseSchema(facts.swagger, endpoint);
    if (request !== undefined && request.format !== "binary") {
      types.set(`${operationId}Request`, nameOf(request, `${operationId}Request`));
    }
    if (response !== undefined && response.format !== "binary") {
      types.set(`${operationId}Response`, nameOf(response, `${operationId}Response`));
    }
  }
  const bodies: BodyNames = {
    request: (operationId) => types.get(`${operationId}Request`),
    response: (operationId) => types.get(`${operationId}Response`),
  };
  return { bodies, definitions };
}

function declare(writer: TypeWriter, versions: Versions, name: string, given: Schema): string {
  const schema = given.allOf?.length === 1 ? given : flatten(given);
  const parts = schema.allOf ?? [];
  const bases = parts.map(referenceName).filter((base) => base !== undefined);
  const own: Schema = {
    type: "object",
    required: [schema, ...parts].flatMap((part) => part.required ?? []),
    properties: Object.assign({}, ...parts.map((part) => part.properties), schema.properties) as Record<
      string,
      Schema
    >,
  };
  const hasFields = Object.keys(own.properties ?? {}).length > 0 || addedFields[name] !== undefined;
  if (bases.length > 0 && !hasFields) return `export type ${name} = ${bases.join(" & ")};`;
  if (!hasFields) return `export type ${name} = ${schemaType(writer, schema, name)};`;
  const since = sharedVersion(versions, own, name);
  const heritage = bases.length > 0 ? ` extends ${bases.join(", ")}` : "";
  const text = `export interface ${name}${heritage} {\n${fields(writer, versions, own, name, since)}\n}`;
  return since === undefined ? text : `${sinceComment(since)}\n${text}`;
}

const sinceComment = (version: string): string => `/** @since API ${version} */`;

/** The version of every field, when they all came together: it is said once, above the interface. */
function sharedVersion(versions: Versions, schema: Schema, owner: string): string | undefined {
  const names = Object.keys(schema.properties ?? {});
  if (addedFields[owner] !== undefined) return undefined;
  const all = new Set(names.map((name) => versions.get(`${owner}.${name}`)));
  return all.size === 1 && names.length > 1 ? [...all][0] : undefined;
}

type Versions = ReadonlyMap<string, string>;

/** The fields of an object. `said` is the version its surroundings name already. */
function fields(
  writer: TypeWriter,
  versions: Versions,
  schema: Schema,
  owner: string,
  said: string | undefined,
): string {
  const required = new Set([...(schema.required ?? []), ...(alwaysPresent[owner]?.split(" ") ?? [])]);
  const lines: string[] = [];
  for (const [name, value] of Object.entries(schema.properties ?? {})) {
    const key = `${owner}.${name}`;
    const since = versions.get(key);
    const type =
      fieldTypes[key] ??
      schemaType(writer, value, key) + (isNull(writer, flatten(value), owner) ? " | null" : "");
    if (since !== undefined && since !== said) lines.push(sinceComment(since));
    lines.push(field(name, type, required.has(name)));
  }
  for (const { name, type, until } of addedFields[owner] ?? []) {
    if (schema.properties?.[name] !== undefined) throw new Error(`${owner}.${name} is no longer missing`);
    if (until !== undefined) lines.push(`/** Gone in API ${until}. */`);
    lines.push(field(name, type, false));
  }
  return lines.join("\n");
}

/** What only ever is sent is null where the documents say so; a definition may be answered too. */
function isNull(writer: TypeWriter, schema: Schema, owner: string): boolean {
  return /^\w+Request\b/.test(owner) ? schema["x-nullable"] === true : isNullable(writer.swagger, schema);
}

/** Optional fields take `undefined` too, so that a caller's own optional value passes under exactOptionalPropertyTypes. */
function field(name: string, type: string, isRequired: boolean): string {
  return `readonly ${propertyName(name)}${isRequired ? "" : "?"}: ${type}${isRequired ? "" : " | undefined"};`;
}
