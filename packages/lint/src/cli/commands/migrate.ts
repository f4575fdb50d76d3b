/** `dflint migrate hadolint`: hadolint's configuration and comments in dflint's words; a dry run unless told to write. */
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfiguredLinters } from "../../config/for-file.ts";
import { ConfigFinder, CONFIG_NAMES, HADOLINT_CONFIG_NAMES } from "../../config/find.ts";
import { ConfigLoader } from "../../config/load.ts";
import { migrateHadolintConfig } from "../../config/migrate-hadolint.ts";
import { nearPath } from "../../config/near-path.ts";
import { findDockerfiles } from "../../files/find.ts";
import { decode, FileError, readBytes, readDockerfile } from "../../files/read.ts";
import { migrateComments } from "../../linter/comments/migrate-comments.ts";
import { RuleNames } from "../../linter/rule-names.ts";
import { printable } from "../../report/printable.ts";
import { plural } from "../../report/report.ts";
import { rules } from "../../rules/index.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { FixedFiles } from "../linting/fixed-files.ts";

/** Runs the command. */
export async function migrate(options: Options, operands: readonly string[], host: Host): Promise<ExitCode> {
  const [from, ...given] = operands;
  if (from !== "hadolint")
    throw new UsageError('Say what to migrate from: "dflint migrate hadolint [PATH]...".');
  const targets = given.length === 0 ? ["."] : given;
  const isWriting = options.has("write");
  const files = new FixedFiles({ applicability: "safe", only: undefined, diff: !isWriting });
  const names = new RuleNames(rules);
  const say = (message: string): void => host.err(`dflint: ${printable(message)}\n`);
  const found = await findDockerfiles(targets, { include: [], exclude: [] });
  for (const error of found.errors) say(error);

  const configs = configsOf(targets, found.paths);
  for (const path of configs) {
    const beside = CONFIG_NAMES.map((name) => join(dirname(path), name)).find((name) => existsSync(name));
    if (beside !== undefined) {
      say(`${path} is left alone, for ${beside} is there already.`);
      continue;
    }
    const { text, notes } = migrateHadolintConfig(path, decode(readBytes(path)).text, names);
    for (const note of notes) say(`${path}: ${note}`);
    files.create(join(dirname(path), CONFIG_NAMES[0]), text);
  }

  let comments = 0;
  let failed = found.errors.length > 0;
  const loader = new ConfigLoader({ names, preset: "hadolint" });
  for (const path of found.paths) {
    try {
      const { text, defect, isLossy } = readDockerfile(path);
      if (defect !== undefined || isLossy === true) continue;
      const linter = new ConfiguredLinters(await loader.forFolder(dirname(path)), rules, names, {}).linterFor(
        path,
      );
      const migrated = migrateComments(linter, { text });
      for (const line of migrated.kept) {
        say(`${path}:${line}: this comment stays, for in dflint's words it would mute something else.`);
      }
      files.take(path, text, migrated.text);
      comments += migrated.count;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      say(error.message);
      failed = true;
    }
  }
  if (!isWriting) host.out(await files.diff());
  const what = `${plural(files.count, "file")} (${plural(comments, "comment")})`;
  if (files.count === 0) say("There is nothing of hadolint's to migrate.");
  else if (isWriting) say(`Wrote ${what}. Once hadolint is no longer run, its configuration can go.`);
  else say(`Would write ${what}; --write does it.`);
  return failed ? EXIT.usage : EXIT.clean;
}

/** hadolint's configurations that hold for the targets. */
function configsOf(targets: readonly string[], paths: readonly string[]): readonly string[] {
  const finder = new ConfigFinder(HADOLINT_CONFIG_NAMES);
  const folders = targets.filter(
    (target) => statSync(target, { throwIfNoEntry: false })?.isDirectory() === true,
  );
  const found = [...folders, ...paths.map((path) => dirname(path))].map((folder) => finder.find(folder));
  return [...new Set(found.filter((path) => path !== undefined).map(nearPath))];
}
