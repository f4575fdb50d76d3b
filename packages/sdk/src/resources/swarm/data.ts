/** What a secret or config holds: bytes, or base64 text as the engine has it. */
export type SwarmData = string | Uint8Array;

/** The wire form of a spec whose data may be bytes. */
export function withEncodedData<Spec extends { readonly Data?: SwarmData | undefined }>(
  spec: Spec,
): Omit<Spec, "Data"> & { readonly Data?: string | undefined } {
  const { Data } = spec;
  return { ...spec, Data: typeof Data === "object" ? Buffer.from(Data).toString("base64") : Data };
}
