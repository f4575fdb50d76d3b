import { ProtocolError } from "../errors.ts";
import type { OperationId, OperationRow } from "../generated/operations.ts";
import type { ByteSource } from "../streams/byte-source.ts";
import { parseJson, readText, shortAnswer } from "../streams/json-body.ts";

// Bytes. A list of fifty thousand containers is shorter; what is longer may never end.
const longestAnswer = 128 * 1024 * 1024;

/**
 * Reads the one body of an answer.
 * @throws ProtocolError for what is too long, is not JSON where it should be, or lacks what this library goes on with
 */
export async function readAnswer(
  body: ByteSource,
  operation: OperationId,
  kind: OperationRow["answer"],
): Promise<unknown> {
  const text = await readText(body, operation, kind === "none" ? shortAnswer : longestAnswer);
  if (kind === "none") return undefined;
  if (kind === "text") return text;
  const value = isBlank(text) ? undefined : parseJson(text, operation);
  check(value, operation);
  return value;
}

function isBlank(text: string): boolean {
  return !text.startsWith("{") && text.trim() === "";
}

/** What this library reads of answers by itself: a name without which the object is of no use, or any object. */
const needed: Readonly<Partial<Record<OperationId, string | undefined>>> = {
  ConfigCreate: "ID",
  ContainerCreate: "Id",
  ContainerExec: "Id",
  ContainerInspect: undefined,
  ExecInspect: undefined,
  ImageCommit: "Id",
  ImageInspect: undefined,
  NetworkCreate: "Id",
  PluginInspect: undefined,
  SecretCreate: "ID",
  ServiceCreate: "ID",
  ServiceInspect: undefined,
  SwarmUnlockkey: undefined,
  SystemInfo: undefined,
  VolumeCreate: undefined,
};

function check(value: unknown, operation: OperationId): void {
  if (!Object.hasOwn(needed, operation)) return;
  if (typeof value !== "object" || value === null) throw refusal(operation, "what is no object");
  const name = needed[operation];
  if (name === undefined) return;
  const id = (value as Readonly<Record<string, unknown>>)[name]; // an object, as was just seen
  if (typeof id !== "string" || id === "") throw refusal(operation, `an object without "${name}"`);
}

function refusal(operation: OperationId, what: string): ProtocolError {
  return new ProtocolError(`The engine answered ${operation} with ${what}.`, { operation });
}
