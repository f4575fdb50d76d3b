/** `dflint init`: a configuration to start from, and snippets for hooks and pipelines. */
import { existsSync, writeFileSync } from "node:fs";
import { HADOLINT_CONFIG_NAMES } from "../../config/find.ts";
import { DEFAULT_RULESET } from "../../linter/presets.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { refuseOperands } from "./check-options.ts";

const CONFIG_NAME = ".dflint.yaml";

const CONFIG = `# yaml-language-server: $schema=node_modules/dflint/schema/dflint.schema.json
# dflint's configuration; "dflint rules" lists the rules, "dflint explain RULE" explains one.
version: 1
root: true
extends: recommended
# Frozen: an upgrade of dflint brings no new findings until this is raised.
ruleset: ${DEFAULT_RULESET}
fail-on: warning
rules: {}
`;

const snippets = (version: string, hasHadolint: boolean): string => `${
  hasHadolint
    ? '\n"dflint migrate hadolint" shows hadolint\'s configuration and comments in these words.\n'
    : ""
}
Findings that are there already: "dflint fix" mends what is safe, "dflint baseline create" lets the rest be.

pre-commit (.pre-commit-config.yaml):

  repos:
    - repo: <the address of dflint's repository>
      rev: v${version}
      hooks:
        - id: dflint           # or dflint-fix, which applies safe fixes

GitHub Actions:

  - run: npx dflint --output github --output sarif=dflint.sarif
  - uses: github/codeql-action/upload-sarif@v3
    if: always()
    with: { sarif_file: dflint.sarif }

GitLab CI:

  dflint:
    image: node:20-alpine
    script:
      - npx --yes dflint --output tty --output gitlab=gl-code-quality-report.json
    artifacts:
      when: always
      reports: { codequality: gl-code-quality-report.json }

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
  const hasHadolint = HADOLINT_CONFIG_NAMES.some((name) => existsSync(name));
  host.out(`Wrote ${CONFIG_NAME}.\n${snippets(host.version, hasHadolint)}`);
  return EXIT.clean;
}
