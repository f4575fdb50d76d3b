import { ProtocolError } from "../errors.ts";
import { readAll, type ByteSource } from "./byte-source.ts";
import { asciiText } from "./utf8.ts";

/** Bytes of an answer that says something short, or nothing. */
export const shortAnswer: number = 1024 * 1024;

// It keeps nothing between two texts that are whole.
const decoder = new TextDecoder();

/** Reads a whole body as text. @throws ProtocolError when it is longer than `limit` bytes */
export async function readText(body: ByteSource, operation: string, limit: number): Promise<string> {
  try {
    const bytes = await readAll(body, limit);
    return asciiText(bytes) ?? decoder.decode(bytes);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const text = `The engine's answer to ${operation} is longer than the ${limit} bytes allowed.`;
    throw new ProtocolError(text, { operation, cause });
  }
}

/** @throws ProtocolError when it is none */
export function parseJson(text: string, operation: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const start = text.length > 200 ? `${text.slice(0, 200)}…` : text;
    throw new ProtocolError(`The engine answered with what is not JSON: ${start}`, { operation, cause });
  }
}
