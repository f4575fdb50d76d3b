// The three files of facts the generator reads, reduced to the parts it uses.

import { readFileSync } from "node:fs";

export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly "x-nullable"?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
}

interface SwaggerParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly schema?: Schema;
}

interface SwaggerOperation {
  readonly parameters?: readonly SwaggerParameter[];
  readonly responses: Readonly<Record<string, { readonly schema?: Schema }>>;
}

export interface Swagger {
  readonly paths: Readonly<Record<string, Readonly<Record<string, SwaggerOperation>>>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}

export interface EndpointParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "body";
  readonly type: string;
  readonly required: boolean;
  readonly sinceApi: string;
  readonly removedInApi: string | null;
}

export interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly sinceApi: string;
  readonly params: readonly EndpointParameter[];
  readonly stream: string;
  readonly requestStream: string | null;
  readonly produces: readonly string[];
}

interface Endpoints {
  readonly meta: { readonly newest: string; readonly floor: string };
  readonly endpoints: readonly Endpoint[];
  readonly undocumentedQuery: readonly { readonly operationId: string; readonly query: readonly string[] }[];
  readonly routerGates: readonly {
    readonly method: string;
    readonly path: string;
    readonly routerMinApi: string;
  }[];
  readonly paramGates: readonly {
    readonly method: string;
    readonly path: string;
    readonly param: string;
    readonly daemonGate: string;
  }[];
}

interface FieldVersions {
  readonly fields: readonly {
    readonly method: string;
    readonly path: string;
    readonly body: "request" | "response";
    readonly field: string;
    readonly sinceApi: string;
    readonly removedInApi: string | null;
  }[];
}

export interface SourceFacts {
  readonly swagger: Swagger;
  readonly endpoints: Endpoints;
  readonly fields: FieldVersions;
}

export interface SourcePaths {
  readonly swagger: string;
  readonly endpoints: string;
  readonly fields: string;
}

/** Reads the files. What they hold is trusted: they are facts written for this generator. */
export function readSourceFacts(paths: SourcePaths): SourceFacts {
  return {
    swagger: JSON.parse(readFileSync(paths.swagger, "utf8")) as Swagger,
    endpoints: JSON.parse(readFileSync(paths.endpoints, "utf8")) as Endpoints,
    fields: JSON.parse(readFileSync(paths.fields, "utf8")) as FieldVersions,
  };
}

/** The schema of a JSON body an operation takes. */
export function requestSchema(swagger: Swagger, endpoint: Endpoint): Schema | undefined {
  const operation = swagger.paths[endpoint.path]?.[endpoint.method.toLowerCase()];
  return operation?.parameters?.find((parameter) => parameter.in === "body")?.schema;
}

/** The schema of the answer when the operation succeeds. */
export function responseSchema(swagger: Swagger, endpoint: Endpoint): Schema | undefined {
  const operation = swagger.paths[endpoint.path]?.[endpoint.method.toLowerCase()];
  const success = Object.entries(operation?.responses ?? {}).find(([status]) => status.startsWith("2"));
  return success?.[1].schema;
}

/** What the values of a query parameter may be, when the document lists them. */
export function parameterEnum(
  swagger: Swagger,
  endpoint: Endpoint,
  name: string,
): readonly unknown[] | undefined {
  const operation = swagger.paths[endpoint.path]?.[endpoint.method.toLowerCase()];
  const parameter = operation?.parameters?.find((candidate) => candidate.name === name);
  return parameter?.enum ?? parameter?.items?.enum;
}

/** Compares API versions such as 1.9 and 1.41 by number. */
export function isNewer(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split(".").map(Number);
  return major > thanMajor || (major === thanMajor && minor > thanMinor);
}
