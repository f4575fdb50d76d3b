// Every operation, as a type (what a caller may pass) and as a row (what the transport does with it).

import { bodyFields } from "./body-fields.ts";
import { callTypes } from "./call-types.ts";
import {
  addedHeaders,
  addedOperations,
  answers,
  byteBodies,
  ignoredHeaders,
  repeatedHeaders,
  requiredBodies,
} from "./corrections.ts";
import type { Models } from "./models.ts";
import { queryParameters } from "./query.ts";
import type { QueryParameter } from "./query.ts";
import { propertyName } from "./schema-type.ts";
import type { Endpoint, SourceFacts } from "./source-facts.ts";

interface Header {
  readonly name: string;
  readonly required: boolean;
}

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly query: readonly QueryParameter[];
  readonly headers: readonly Header[];
  readonly stream: string;
  readonly body: "none" | "json" | "bytes";
  readonly bodyType: string;
  readonly fields: ReturnType<typeof bodyFields>;
  readonly answer: "json" | "text" | "none";
  readonly answerType: string;
  readonly since: string;
  readonly documented: boolean;
}

/** The text of operations.ts, without its heading. */
export function writeOperations(facts: SourceFacts, models: Models): string {
  const operations = [
    ...facts.endpoints.endpoints.map((endpoint) => documentedOperation(facts, models, endpoint)),
    ...addedOperations.map((added): Operation => {
      const query = added.query.map((parameter) => ({ ...parameter, type: "string", documented: false }));
      const body = added.body === undefined ? "none" : "json";
      const answer = added.answer === "void" ? "none" : "json";
      const since = facts.endpoints.meta.floor;
      const bodyType = added.body ?? "undefined";
      return {
        ...added,
        id: added.operationId,
        query,
        headers: [],
        body,
        bodyType,
        fields: [],
        answer,
        answerType: added.answer,
        since,
        documented: false,
      };
    }),
  ].sort((left, right) => (left.id < right.id ? -1 : 1));
  const types = operations.map(operationType).join("\n");
  const used = models.names.filter((name) => new RegExp(`(?<![\\w.])${name}(?![\\w(:])`).test(types));
  return [
    'import type { RequestBytes } from "../transport/request-body.ts";',
    'import type { Filters } from "../values/filters.ts";',
    `import type {\n${used.join(",\n")},\n} from "./models.ts";`,
    "",
    "/**",
    " * What each operation takes and answers, with the engine's own names. `answer` of a `json-lines` operation is the",
    " * model of one line; it is `void` where the engine writes no JSON.",
    " */",
    "export interface Operations {",
    types,
    "}",
    "",
    callTypes,
    "",
    "/** How each operation travels. */",
    `export const operations: OperationTable = {\n${operations.map(operationRow).join("\n")}\n};`,
    "",
  ].join("\n");
}

function documentedOperation(facts: SourceFacts, models: Models, endpoint: Endpoint): Operation {
  const { operationId: id, method, path, stream } = endpoint;
  const gate = facts.endpoints.routerGates.find((gate) => gate.method === method && gate.path === path);
  const since = gate?.routerMinApi ?? endpoint.sinceApi;
  const parameter = endpoint.params.find(({ in: place }) => place === "body");
  const model = models.bodies.request(id);
  const isBytes = parameter !== undefined && (model === undefined || byteBodies.has(id));
  const type = isBytes ? "RequestBytes" : (model ?? "undefined");
  const isOptional = parameter !== undefined && !parameter.required && !requiredBodies.has(id);
  const answerType = answers[id] ?? models.bodies.response(id) ?? "void";
  const isText = endpoint.produces.length === 1 && endpoint.produces[0] === "text/plain";
  return {
    id,
    method,
    path,
    query: queryParameters(facts, endpoint, since),
    headers: [
      ...endpoint.params
        .filter(({ in: place, name }) => place === "header" && !ignoredHeaders.has(name))
        .map(({ name, required }) => ({ name, required })),
      ...(addedHeaders[id] ?? []).map((name) => ({ name, required: false })),
    ],
    stream,
    body: parameter === undefined ? "none" : isBytes ? "bytes" : "json",
    bodyType: isOptional ? `${type} | undefined` : type,
    fields: bodyFields(facts, endpoint),
    answer: answerType === "void" ? "none" : isText ? "text" : "json",
    answerType,
    since,
    documented: true,
  };
}

/** The names in braces of a path. */
function pathParameters(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
}

function group(fields: readonly string[]): string {
  if (fields.length === 0) return "NoParameters";
  return fields.length < 3 ? `{ ${fields.join("; ")} }` : `{\n${fields.join(";\n")};\n}`;
}

function operationType(operation: Operation): string {
  const path = pathParameters(operation.path).map((name) => `readonly ${name}: string`);
  const query = operation.query.map(({ name, required, type }) =>
    required
      ? `readonly ${propertyName(name)}: ${type}`
      : `readonly ${propertyName(name)}?: ${type} | undefined`,
  );
  const headers = operation.headers.map(({ name, required }) => {
    const type = repeatedHeaders.has(name) ? "readonly string[]" : "string";
    return required
      ? `readonly ${propertyName(name)}: ${type}`
      : `readonly ${propertyName(name)}?: ${type} | undefined`;
  });
  return [
    `/** ${operation.method} ${operation.path}${operation.documented ? "" : ", which the API reference does not list"} */`,
    `readonly ${operation.id}: {`,
    `readonly path: ${group(path)};`,
    `readonly query: ${group(query)};`,
    `readonly headers: ${group(headers)};`,
    `readonly body: ${operation.bodyType};`,
    `readonly stream: "${operation.stream}";`,
    `readonly answer: ${operation.answerType};`,
    "};",
  ].join("\n");
}

const block = (entries: readonly string[]): string =>
  entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;

function operationRow(operation: Operation): string {
  const query = operation.query.map((parameter) => {
    const { name, encode, since, until, documented } = parameter;
    const row = Object.entries({ encode, since, until, ...(documented ? {} : { documented }) })
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
    return `${propertyName(name)}: ${block(row)},`;
  });
  const headers = operation.headers.map(({ name }) => JSON.stringify(name));
  const fields = operation.fields.map(({ place, since, until }) => {
    const row = since === undefined ? `until: "${until}"` : `since: "${since}"`;
    return `${propertyName(place)}: { ${row} },`;
  });
  return [
    `${operation.id}: {`,
    `method: "${operation.method}",`,
    `path: "${operation.path}",`,
    query.length === 0 ? "query: {}," : `query: {\n${query.join("\n")}\n},`,
    ...(headers.length === 0 ? [] : [`headers: [${headers.join(", ")}],`]),
    `stream: "${operation.stream}",`,
    `body: "${operation.body}",`,
    ...(fields.length === 0 ? [] : [`fields: {\n${fields.join("\n")}\n},`]),
    `answer: "${operation.answer}",`,
    `since: "${operation.since}",`,
    ...(operation.documented ? [] : ["documented: false,"]),
    "},",
  ].join("\n");
}
