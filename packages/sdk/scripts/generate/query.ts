// The query parameters of an operation: type, encoding, and the versions that know them.

import { ignoredQueryNames, parameterCorrections } from "./corrections.ts";
import { isNewer, parameterEnum } from "./source-facts.ts";
import type { Endpoint, EndpointParameter, SourceFacts } from "./source-facts.ts";

export interface QueryParameter {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly encode?: string | undefined;
  /** The first version that knows it, when younger than the operation. */
  readonly since?: string | undefined;
  /** The first version without it. */
  readonly until?: string | undefined;
  readonly documented: boolean;
}

/** The oldest engine API the SDK talks to: what was gone before is not generated. */
const OLDEST_SUPPORTED = "1.40";

export function queryParameters(
  facts: SourceFacts,
  endpoint: Endpoint,
  operationSince: string,
): readonly QueryParameter[] {
  const { operationId } = endpoint;
  const documented = endpoint.params
    .filter(({ in: place, removedInApi }) => {
      return place === "query" && (removedInApi === null || isNewer(removedInApi, OLDEST_SUPPORTED));
    })
    .map((parameter) => documentedParameter(facts, endpoint, parameter, operationSince));
  const names = new Set(documented.map(({ name }) => name));
  const undocumented = facts.endpoints.undocumentedQuery
    .filter((entry) => entry.operationId === operationId)
    .flatMap(({ query }) => query)
    .filter((name) => !names.has(name) && !ignoredQueryNames.has(`${operationId}.${name}`))
    .map((name): QueryParameter => {
      const correction = correctionOf(operationId, name);
      const type = correction?.type ?? "string";
      return { name, type, required: false, encode: correction?.encode, documented: false };
    });
  return [...documented, ...undocumented];
}

function documentedParameter(
  facts: SourceFacts,
  endpoint: Endpoint,
  parameter: EndpointParameter,
  operationSince: string,
): QueryParameter {
  const { method, path, operationId } = endpoint;
  const { name, required, removedInApi } = parameter;
  const gate = facts.endpoints.paramGates.find(
    (gate) => gate.method === method && gate.path === path && gate.param === name,
  );
  const since = gate?.daemonGate ?? parameter.sinceApi;
  const correction = correctionOf(operationId, name);
  const isList = parameter.type.startsWith("string[]");
  const values = parameterEnum(facts.swagger, endpoint, name);
  const scalar = values?.map((value) => JSON.stringify(value)).join(" | ") ?? scalarType(parameter.type);
  const list = `${scalar} | readonly ${values === undefined ? scalar : `(${scalar})`}[]`;
  return {
    name,
    type: correction?.type?.replace("<Op>", `<"${operationId}">`) ?? (isList ? list : scalar),
    required,
    encode: correction?.encode ?? (isList ? "repeat" : undefined),
    since: isNewer(since, operationSince) ? since : undefined,
    until: removedInApi ?? undefined,
    documented: true,
  };
}

function correctionOf(operationId: string, name: string) {
  return parameterCorrections[`${operationId}.${name}`] ?? parameterCorrections[`*.${name}`];
}

function scalarType(type: string): string {
  if (type === "boolean") return "boolean";
  if (type.startsWith("integer") || type === "number") return "number";
  if (type.startsWith("string")) return "string";
  throw new Error(`no type for a query parameter of type ${type}`);
}
