/** Errors of an engine: whether it is gone, and what to say. */

/** Whether there is no engine any more. */
export function isLost(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "CONNECTION_FAILED" || error.code === "ENGINE_GONE")
  );
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
