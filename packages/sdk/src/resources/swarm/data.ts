/** What a secret or config holds: bytes, or base64 text as the engine has it. */
export type SwarmData = string | Uint8Array;

/** As engines read it: they do not mind line ends. */
function isBase64(text: string): boolean {
  const characters = text.replaceAll(/[\r\n]/g, "");
  return characters.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(characters.replace(/={1,2}$/, ""));
}

/** The wire form of a spec whose data may be bytes. @throws TypeError for text that is no base64 */
export function withEncodedData<Spec extends { readonly Data?: SwarmData | undefined }>(
  spec: Spec,
): Omit<Spec, "Data"> & { readonly Data?: string | undefined } {
  const { Data } = spec;
  // Of the text itself, which may be a secret, nothing is told.
  if (typeof Data === "string" && !isBase64(Data)) {
    throw new TypeError('"Data" must be bytes or base64; of text, Buffer.from("…") makes bytes.');
  }
  return { ...spec, Data: typeof Data === "object" ? Buffer.from(Data).toString("base64") : Data };
}
