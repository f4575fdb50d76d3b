import { looseVisitors } from "../linter/loose-visitors.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { optionOf, packageCallsOf, type PackageCall } from "../shell/commands.ts";
import { installsWithPip } from "../shell/package-managers/hadolint-calls.ts";
import { hadolintCommands, hasArgument, hasFlag, operandsOf } from "../shell/hadolint-command.ts";
import type { HadolintCommand } from "../shell/hadolint-command.ts";
import { loosePackages, type LoosePackage } from "../shell/package-managers/loose-packages.ts";
import type { Script, ShellWord } from "../shell/nodes.ts";

/** A repository as pip takes it, and one with its revision. */
const REPOSITORY = /^(?:[^@]*@\s+)?(?:git|hg|svn|bzr)\+/;
const REVISION = /[^/:]@[^/@]+(?:#.*)?$/;
/** `name @ https://example.org/name-1.0.whl` */
const NAMED_URL = /\s@\s|^[\w.[\],-]+@[a-z+]+:/;

export const rule: Rule = defineRule({
  code: "DFL423",
  name: "pin-pip",
  aliases: ["DL3013"],
  category: "packages",
  severity: { recommended: "off", strict: "warning", hadolint: "warning" },
  scope: "all",
  summary: "pip installs packages without a version",
  docs: (): RuleDocs => ({
    why: `
      \`pip install flask\` takes the newest release there is when the layer is built. Two builds of one commit may
      differ, and a release that breaks yours breaks every build from that hour on. \`flask==3.0.3\` says which one was
      tested. A requirements file or a constraints file (\`pip install -c constraints.txt flask\`) pins what packages
      depend on, too, which names on a command line cannot.

      It is off in \`recommended\`: for a tool of the build, such as pip itself, the newest may be just what is wanted.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM python:3.12-slim
          RUN pip install --no-cache-dir ⟦flask⟧ requests==2.32.3
        `,
      },
      {
        dockerfile: dockerfile`
          FROM python:3.12-slim
          RUN python3 -m pip install --upgrade ⟦pip⟧ \
              # and what serves
              && pip3 install -r requirements.txt --index-url https://pypi.example.org/simple ⟦'uvicorn[standard]'⟧
        `,
      },
      {
        title: "A repository without a tag or commit is its default branch of that day.",
        dockerfile: dockerfile`
          FROM python:3.12
          RUN pip install ⟦git+https://example.org/team/tool.git⟧ -e ⟦git+ssh://git@example.org/team/lib.git#egg=lib⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM python:3.12-slim
          RUN pip install flask==3.0.3 'requests>=2.32,<3' "uvicorn[standard]~=0.30"
        `,
      },
      {
        title: "Files, folders, constraints.",
        dockerfile: dockerfile`
          FROM python:3.12-slim
          RUN pip install -r requirements.txt && pip install -c constraints.txt flask
          RUN pip install . -e ./lib ".[tests]" vendor/other /wheels/tool-1.0-py3-none-any.whl https://example.org/other-2.0.tar.gz
          RUN pip install git+https://example.org/team/tool.git@v1.2.3
        `,
      },
      {
        title: "Versions in variables.",
        dockerfile: dockerfile`
          FROM python:3.12-slim
          ARG FLASK_VERSION
          RUN pip install flask==$FLASK_VERSION $EXTRA
          RUN TOOL="black==24.8.0" && pip install "$TOOL"
        `,
      },
    ],
  }),
  visit: looseVisitors({
    looseIn,
    looseForHadolint,
    report: ({ name }) => ({
      message: REPOSITORY.test(name)
        ? `${name} takes the default branch as it is that day; put @ and a tag or a commit after it.`
        : `pip installs the newest ${name} there is that day, so two builds may differ; name the version that was tested: ${name}==VERSION.`,
    }),
  }),
});

function looseIn(script: Script): LoosePackage[] {
  return packageCallsOf(script)
    .filter((call) => call.manager === "pip" && call.action === "install" && !isConstrained(call))
    .flatMap((call) => [
      ...loosePackages(call).filter(({ name }) => !NAMED_URL.test(name)),
      ...sourcesOf(call).flatMap((word): LoosePackage[] => {
        const value = word?.value;
        if (word === undefined) return [];
        const loose = value !== undefined && REPOSITORY.test(value) && !REVISION.test(value);
        return loose ? [{ name: value, word }] : [];
      }),
    ]);
}

/** What may be a repository: packages, and those that stay where they are checked out. */
function sourcesOf(call: PackageCall): (ShellWord | undefined)[] {
  const editable = call.options.filter(({ name }) => name === "-e" || name === "--editable");
  return [...call.packages.map(({ word }) => word), ...editable.map(({ valueWord }) => valueWord)];
}

function isConstrained(call: PackageCall): boolean {
  return optionOf(call, "-c", "--constraint", "--help", "-h") !== undefined;
}

/** Options whose value hadolint knows not to be a package. */
const VALUED = [
  ...["abi", "b", "build", "e", "editable", "extra-index-url", "f", "find-links", "i", "index-url"],
  ...["implementation", "no-binary", "only-binary", "platform", "prefix", "progress-bar", "proxy"],
  ...["python-version", "root", "root-user-action", "src", "t", "target", "trusted-host", "upgrade-strategy"],
  ...["timeout", "retries", "cert", "client-cert", "cache-dir", "log"],
];

function looseForHadolint(script: Script): LoosePackage[] {
  return hadolintCommands(script)
    .filter((command) => installsWithPip(command) && !isListed(command))
    .flatMap((command) => afterInstall(operandsOf(command, VALUED)))
    .filter(({ text }) => !isPinnedForHadolint(text))
    .map(({ text, word }) => ({ name: text, word }));
}

function afterInstall<Operand extends { readonly text: string }>(operands: readonly Operand[]): Operand[] {
  return operands.slice(operands.findIndex(({ text }) => text === "install") + 1);
}

/** Whether what it installs, or in which version, stands in files. */
function isListed(command: HadolintCommand): boolean {
  return hasFlag(command, "r", "requirement", "c", "constraint") || hasArgument(command, ".");
}

function isPinnedForHadolint(text: string): boolean {
  if (/^(?:git|hg|svn|bzr)\+/.test(text)) return text.includes("@");
  return /[=<>]=|[<>]|!=|~=|\.(?:whl|tar\.gz)$|\//.test(text);
}
