/**
 * What a stream is iterated with; each stream has one. An interface of its own, since `AsyncIterableIterator` says
 * only from TypeScript 5.6 on what an iterator ends with.
 */
export interface StreamIterator<T> extends AsyncIterator<T, undefined, void> {
  [Symbol.asyncIterator](): StreamIterator<T>;
}
