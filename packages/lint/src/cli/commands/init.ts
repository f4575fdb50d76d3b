/** `dflint init`: a configuration to start from, and snippets for hooks and pipelines. */
import { existsSync, writeFileSync } from "node:fs";
import { DEFAULT_RULESET } from "../../linter/presets.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { refuseOperands } from "./check-options.ts";

const CONFIG_NAME = ".dflint.yaml";

const CONFIG = `# dflint's configuration; "dflint rules" lists the rules, "dflint explain RULE" explains one.
version: 1
root: true
extends: recommended
# Frozen: an upgrade of dflint brings no new findings until this is raised.
ruleset: ${DEFAULT_RULESET}
fail-on: warning
rules: {}
`;

const snippets = (version: string): string => `
pre-commit (.pre-commit-config.yaml):

  repos:
    - repo: <the address of dflint's repository>
      rev: v${version}
      hooks:
        - id: dflint

GitHub Actions:

  - run: npx dflint --output github

GitLab CI:

  dflint:
    image: node:20-alpine
    script:
      - npx --yes dflint

husky and lint-staged (package.json):

  "lint-staged": { "*Dockerfile*": "dflint" }
`;

/** Runs the command. */
export function init(options: Options, operands: readonly string[], host: Host): ExitCode {
  refuseOperands(operands, "init");
  if (existsSync(CONFIG_NAME) && !options.has("force")) {
    throw new UsageError(`${CONFIG_NAME} is there already; --force replaces it.`);
  }
  try {
    writeFileSync(CONFIG_NAME, CONFIG);
  } catch (error) {
    throw new UsageError(
      `${CONFIG_NAME} cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  host.out(`Wrote ${CONFIG_NAME}.\n${snippets(host.version)}`);
  return EXIT.clean;
}
