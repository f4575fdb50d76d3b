/** Lets `await using` remove what a test made on an engine: a container, network, volume or image. */
export function removedAfter<T extends Removable>(thing: T): T & AsyncDisposable {
  return Object.assign(thing, {
    async [Symbol.asyncDispose](): Promise<void> {
      await thing.remove({ force: true }).catch((error: unknown) => {
        if (!isGone(error)) throw error;
      });
    },
  });
}

interface Removable {
  remove(options: { readonly force?: boolean; readonly signal?: AbortSignal }): Promise<unknown>;
}

/** 404: the test has removed it. 409: the engine is removing it. */
function isGone(error: unknown): boolean {
  return error instanceof Error && "status" in error && (error.status === 404 || error.status === 409);
}
