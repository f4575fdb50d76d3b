/** What calls under way see when their client is disposed. */
export function disposedError(more = ""): DOMException {
  return new DOMException(`The client was disposed.${more}`, "AbortError");
}
