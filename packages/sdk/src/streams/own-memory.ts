/** Memory that was made for the bytes of one stream: whoever reads them may write there, too. */
const own = new WeakSet<ArrayBufferLike>();

/** Not filled with zeros. */
export function ownMemory(size: number): Buffer {
  const memory = Buffer.allocUnsafeSlow(size);
  own.add(memory.buffer);
  return memory;
}

/** What came from elsewhere, e.g. from undici, others may look at as well. */
export function isOwn(bytes: Uint8Array): boolean {
  return own.has(bytes.buffer);
}
