/** What every call takes. */
export interface CallOptions {
  /** Aborts the call; its `reason` is thrown unchanged. */
  readonly signal?: AbortSignal | undefined;
}
