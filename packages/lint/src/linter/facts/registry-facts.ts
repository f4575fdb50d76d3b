/** What a registry says of images; asked by the shell around the linter, read by rules. */
export interface ResolvedImage {
  /** `sha256:…`: of the index where the image is built for several platforms. */
  readonly digest: string;
  /** Where that comes from, as a sentence. */
  readonly evidence: string;
}

/** Images by their references as FROM has them, variables expanded. */
export type RegistryFacts = ReadonlyMap<string, ResolvedImage>;
