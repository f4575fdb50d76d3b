/** What a secret or config holds: bytes, or base64 text as the engine has it. */
export type SwarmData = string | Uint8Array;

// Engines do not mind line ends in it.
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The wire form of a spec whose data may be bytes. @throws TypeError for text that is no base64 */
export function withEncodedData<Spec extends { readonly Data?: SwarmData | undefined }>(
  spec: Spec,
): Omit<Spec, "Data"> & { readonly Data?: string | undefined } {
  const { Data } = spec;
  // Of the text itself, which may be a secret, nothing is told.
  if (typeof Data === "string" && !base64.test(Data.replaceAll(/[\r\n]/g, ""))) {
    throw new TypeError('"Data" must be bytes or base64; of text, Buffer.from("…") makes bytes.');
  }
  return { ...spec, Data: typeof Data === "object" ? Buffer.from(Data).toString("base64") : Data };
}
