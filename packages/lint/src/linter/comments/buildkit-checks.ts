/** The names of BuildKit's checks (its v0.32), for directives that name one no rule stands for yet. */
export const BUILDKIT_CHECKS: readonly string[] = [
  "ConsistentInstructionCasing",
  "CopyIgnoredFile",
  "DuplicateStageName",
  "ExposeInvalidFormat",
  "ExposeProtoCasing",
  "FromAsCasing",
  "FromPlatformFlagConstDisallowed",
  "InvalidBaseImagePlatform",
  "InvalidDefaultArgInFrom",
  "InvalidDefinitionDescription",
  "JSONArgsRecommended",
  "LegacyKeyValueFormat",
  "MaintainerDeprecated",
  "MultipleInstructionsDisallowed",
  "NoEmptyContinuation",
  "RedundantTargetPlatform",
  "ReservedStageName",
  "SecretsUsedInArgOrEnv",
  "StageNameCasing",
  "UndefinedArgInFrom",
  "UndefinedVar",
  "WorkdirRelativePath",
];

/** The check that has to be asked for, and that no `skip` turns off then. */
export const EXPERIMENTAL_CHECK = "InvalidDefinitionDescription";

/** The checks that a `# check=skip=` above an instruction cannot mute: only one at the top of the file can. */
export const FILE_LEVEL_CHECKS: ReadonlySet<string> = new Set([
  "ConsistentInstructionCasing",
  "NoEmptyContinuation",
  "DuplicateStageName",
  "ReservedStageName",
  "InvalidDefaultArgInFrom",
]);
