// The part of operations.ts that is the same for every API version.

/** Types that turn the table into the signature of a call. */
export const callTypes: string = `
/** A group of parameters an operation does not have. */
type NoParameters = Readonly<Record<never, never>>;

/** The name of an operation, as in the API reference. */
export type OperationId = keyof Operations;

/** How one query parameter is written into the URL, and which API versions know it. */
export interface QueryRow {
  /** json: one JSON text; repeat: the name once for each value; repeat-json: each value as JSON. Otherwise as text. */
  readonly encode?: "json" | "repeat" | "repeat-json";
  /** First API version that knows it, when younger than the operation. */
  readonly since?: string;
  /** First API version that no longer knows it. */
  readonly until?: string;
  /** False when the API reference does not list it. */
  readonly documented?: false;
}

/** Which API versions know one field of a body. */
export interface FieldRow {
  /** First API version that knows it. */
  readonly since?: string;
  /** First API version that no longer knows it. */
  readonly until?: string;
}

/** How one operation travels. */
export interface OperationRow {
  readonly method: "DELETE" | "GET" | "HEAD" | "POST" | "PUT";
  /** Template, with the path parameters in braces. */
  readonly path: string;
  readonly query: Readonly<Record<string, QueryRow>>;
  readonly headers?: readonly string[];
  /** What comes back when it is no single body. */
  readonly stream: "none" | "json-lines" | "multiplexed" | "tar" | "hijack";
  readonly body: "none" | "json" | "bytes";
  /**
   * The fields of a JSON body that not every version knows, by their place: \`[]\` stands for each item of a list,
   * \`{}\` for each value of a map.
   */
  readonly fields?: Readonly<Record<string, FieldRow>>;
  /** How the body of an answer, or one line of it, is read. */
  readonly answer: "json" | "text" | "none";
  /** First API version that has it. */
  readonly since: string;
  /** False when the API reference does not list it. */
  readonly documented?: false;
}

/** A row for each operation, with a query row for each of its query parameters. */
export type OperationTable = {
  readonly [Op in OperationId]: OperationRow & {
    readonly stream: Operations[Op]["stream"];
    readonly query: { readonly [Name in keyof Operations[Op]["query"]]-?: QueryRow };
  };
};

type Group<Name extends string, Fields> = [keyof Fields] extends [never]
  ? { readonly [Key in Name]?: never }
  : Record<never, never> extends Fields
    ? { readonly [Key in Name]?: Fields | undefined }
    : { readonly [Key in Name]: Fields };

type Body<Value> = [Value] extends [undefined]
  ? { readonly body?: never }
  : undefined extends Value
    ? { readonly body?: Value }
    : { readonly body: Value };

/** What a call of an operation takes: each group where the engine wants it, required when something in it is. */
export type CallParameters<Op extends OperationId> = Group<"path", Operations[Op]["path"]> &
  Group<"query", Operations[Op]["query"]> &
  Group<"headers", Operations[Op]["headers"]> &
  Body<Operations[Op]["body"]> & { readonly signal?: AbortSignal | undefined };

/** The parameters as an argument that may be left out when nothing in it is required. */
export type CallArguments<Op extends OperationId> =
  Record<never, never> extends CallParameters<Op>
    ? [parameters?: CallParameters<Op>]
    : [parameters: CallParameters<Op>];
`.trim();
