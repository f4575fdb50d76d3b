/** Errors of an engine: whether it is gone, and what to say. */
import { EngineRefusalError } from "./engine-error.ts";

/** Whether there is no engine any more. */
export function isLost(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "CONNECTION_FAILED" || error.code === "ENGINE_GONE")
  );
}

/** What is wrong on this side, and not with the engine: a secret, credentials, the docker CLI's configuration. */
const OURS: ReadonlySet<unknown> = new Set(["CONFIG", "CREDENTIAL"]);

/** What users are told of an error of the SDK that is no loss of the engine; undefined for any other. */
export function refusalOf(error: unknown): EngineRefusalError | undefined {
  if (error instanceof EngineRefusalError) return error;
  if (!(error instanceof Error) || !("code" in error) || !("operation" in error) || isLost(error)) {
    return undefined;
  }
  const message = OURS.has(error.code) ? error.message : `The engine: ${error.message}`;
  return new EngineRefusalError(message, { cause: error });
}

/** The message of an error, as a sentence. */
export function messageOf(error: unknown): string {
  const message = firstLine(error instanceof Error ? error.message : String(error));
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

/** The first line of a text. */
export function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}
