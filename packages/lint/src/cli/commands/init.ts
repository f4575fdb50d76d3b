/** `dflint init`: a configuration to start from, and snippets for hooks and pipelines. */
import { existsSync, writeFileSync } from "node:fs";
import { HADOLINT_CONFIG_NAMES } from "../../config/find.ts";
import { describeFileError } from "../../files/read.ts";
import { DEFAULT_RULESET } from "../../linter/presets.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { refuseOperands } from "../linting/check-options.ts";

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

const snippets = (version: string, hadolint: string | undefined): string => `${
  hadolint === undefined
    ? ""
    : `
${hadolint} is here, too: without ${CONFIG_NAME}, "dflint migrate hadolint" makes a configuration of it.
`
}
Findings that are there already: "dflint fix" mends what is safe, "dflint baseline create" lets the rest be.

pre-commit (.pre-commit-config.yaml):

  repos:
    - repo: <the address of dflint's repository>
      rev: dflint@${version}
      hooks:
        - id: dflint           # or dflint-fix, which applies safe fixes

GitHub Actions:

  - run: npx --yes dflint --output github --output sarif=dflint.sarif
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

  "lint-staged": { "{Dockerfile,Containerfile,Dockerfile.*,*.Dockerfile,*.dockerfile}": "dflint" }
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
    throw new UsageError(describeFileError(CONFIG_NAME, error, "written"));
  }
  const hadolint = HADOLINT_CONFIG_NAMES.find((name) => existsSync(name));
  host.out(`Wrote ${CONFIG_NAME}.\n${snippets(host.version, hadolint)}`);
  return EXIT.clean;
}
