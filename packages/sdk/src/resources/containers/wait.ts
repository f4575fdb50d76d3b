import { EngineGoneError, OperationError, ProtocolError, StreamTruncatedError } from "../../errors.ts";
import type { ContainerWaitResponse } from "../../generated/models.ts";
import { parseJson, readText, shortAnswer } from "../../streams/json-body.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf } from "../../values/options.ts";

/** What is waited for. */
export interface WaitOptions extends CallOptions {
  /**
   * `not-running` (default) answers at once where it does not run, also before its first start; `next-exit` waits
   * for the next end; `removed` until it is removed.
   */
  readonly condition?: "not-running" | "next-exit" | "removed" | undefined;
}

/** Takes {@link WaitOptions}. */
export const waitOptions: Check = optionsOf<WaitOptions>('{ condition: "removed" }', { condition: "text" });

/** A wait that the engine has begun: no later end can be missed. */
export interface BegunWait {
  answer(): Promise<ContainerWaitResponse>;
  /** Closes the connection. */
  close(): void;
}

/** Begins to wait for a container; resolves when the engine has begun to, which is before the end. */
export async function beginWait(
  caller: Caller,
  id: string,
  { condition, signal }: WaitOptions = {},
): Promise<BegunWait> {
  const { body } = await caller.send("ContainerWait", { path: { id }, query: { condition }, signal });
  const whole = readText(body, "ContainerWait", shortAnswer);
  whole.catch(() => undefined); // told by `answer`, if somebody asks
  return {
    answer: async () => {
      const text = await whole;
      if (text.trim() !== "") return parseWait(text);
      // An engine that is shut down ends the answer without one.
      throw new EngineGoneError(`The Docker Engine at ${caller.host} went away while a container ran.`, {
        host: caller.host,
        operation: "ContainerWait",
        cause: new StreamTruncatedError("The answer of ContainerWait is empty."),
      });
    },
    close: () => body.close(),
  };
}

function parseWait(text: string): ContainerWaitResponse {
  const answer = parseJson(text, "ContainerWait") as Partial<ContainerWaitResponse> | null;
  if (typeof answer?.StatusCode === "number") return answer as ContainerWaitResponse; // as the API documents
  throw new ProtocolError("The engine told no exit code at the end of a container.", {
    operation: "ContainerWait",
  });
}

/** Waits for a container. */
export async function wait(
  caller: Caller,
  id: string,
  options?: WaitOptions,
): Promise<ContainerWaitResponse> {
  return await (await beginWait(caller, id, options)).answer();
}

/** The exit code, or the error that the engine had with the end. */
export function exitCodeOf({ StatusCode, Error: failure }: ContainerWaitResponse): number {
  if (failure?.Message === undefined || failure.Message === "") return StatusCode;
  throw new OperationError(`The engine could not end the container: ${failure.Message}`, {
    operation: "ContainerWait",
  });
}
