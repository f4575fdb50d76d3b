// One Swagger schema → the text of one TypeScript type.

import { pointerOnlyInDocuments } from "./model-corrections.ts";
import type { Schema, Swagger } from "./source-facts.ts";

const REFERENCE = "#/definitions/";

export function referenceName(schema: Schema): string | undefined {
  return schema.$ref?.startsWith(REFERENCE) === true ? schema.$ref.slice(REFERENCE.length) : undefined;
}

/** `allOf` with nothing but one reference is the reference: the documents use it to hang a sentence on it. */
export function flatten(schema: Schema): Schema {
  const parts = schema.allOf?.filter((part) => referenceName(part) !== undefined || part.properties);
  const only = parts?.[0];
  return parts?.length === 1 && only !== undefined && schema.properties === undefined
    ? { ...flatten(only), ...(schema["x-nullable"] === true ? { "x-nullable": true } : {}) }
    : schema;
}

const isList = (schema: Schema): boolean => schema.type === "array";
const isMap = (schema: Schema): boolean =>
  schema.additionalProperties !== undefined && schema.properties === undefined;

/**
 * Whether the engine may say `null`. Lists and maps always may: Go writes an empty one that was never made
 * as `null`, whatever the documents say about it.
 */
export function isNullable(swagger: Swagger, schema: Schema): boolean {
  if (isList(schema) || isMap(schema) || schema["x-nullable"] === true) return true;
  const name = referenceName(schema);
  const definition = name === undefined ? undefined : swagger.definitions[name];
  if (name === undefined || definition === undefined || pointerOnlyInDocuments.has(name)) return false;
  return isNullable(swagger, flatten(definition));
}

/** Unions stay open: a newer engine may answer a word that these documents do not know. */
function openUnion(values: readonly unknown[], base: "string" | "number"): string {
  return [...values.map((value) => JSON.stringify(value)), `(${base} & {})`].join(" | ");
}

/** How a property's name is written. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

export interface TypeWriter {
  readonly swagger: Swagger;
  /** The interface body `{ … }` of an object schema. `owner` names where its fields live. */
  readonly objectBody: (schema: Schema, owner: string) => string;
}

/** The type of a schema, without `null`. `owner` is the path of the schema, such as `Mount.BindOptions`. */
export function schemaType(writer: TypeWriter, given: Schema, owner: string): string {
  const schema = flatten(given);
  const reference = referenceName(schema);
  if (reference !== undefined) return reference;
  if (schema.allOf !== undefined) {
    return schema.allOf.map((part) => schemaType(writer, part, owner)).join(" & ");
  }
  if (schema.properties !== undefined) return writer.objectBody(schema, owner);
  if (isList(schema)) {
    const item = elementType(writer, schema.items ?? {}, `${owner}[]`);
    return `readonly ${/^\w+$|^\{[^]*\}$/.test(item) ? item : `(${item})`}[]`;
  }
  if (isMap(schema)) {
    const values = schema.additionalProperties;
    const value = typeof values === "object" ? elementType(writer, values, `${owner}{}`) : "unknown";
    return `Readonly<Record<string, ${value}>>`;
  }
  return scalarType(schema);
}

/** Items and map values: `null` only where it is said, for a list of lists is no list of nulls. */
function elementType(writer: TypeWriter, schema: Schema, owner: string): string {
  const type = schemaType(writer, schema, owner);
  return schema["x-nullable"] === true ? `${type} | null` : type;
}

function scalarType(schema: Schema): string {
  switch (schema.type) {
    case "string":
      return schema.enum === undefined ? "string" : openUnion(schema.enum, "string");
    case "integer":
    case "number":
      return schema.enum === undefined ? "number" : openUnion(schema.enum, "number");
    case "boolean":
      return "boolean";
    case "object":
      // `enum: [{}]` is how the documents write Go's empty struct: a set is a map to it.
      return schema.enum === undefined
        ? "Readonly<Record<string, unknown>>"
        : "Readonly<Record<string, never>>";
    default:
      return "unknown";
  }
}
