/** Work that has begun. */
export interface UnderWay {
  /** The error, or what was taken for a success. */
  readonly outcome: Promise<unknown>;
}

/** Resolves when the work has told that it has begun, or is over. */
export async function begin(work: (begun: () => void) => Promise<unknown>): Promise<UnderWay> {
  return await new Promise((resolve) => {
    const outcome: Promise<unknown> = work(() => resolve({ outcome })).catch((error: unknown) => error);
    void outcome.then(() => resolve({ outcome }));
  });
}

/** Reads to the end, telling each piece. */
export async function readAll(
  stream: AsyncIterable<unknown>,
  each: (piece: unknown) => void,
): Promise<string> {
  for await (const piece of stream) each(piece);
  return "the end";
}
