import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { Stage } from "../semantics/model.ts";
import { foldStages } from "../semantics/stages/stage-chain.ts";
import { packageCallsOf, type PackageCall } from "../shell/commands.ts";
import { hadolintCommands, operandsOf } from "../shell/hadolint-command.ts";
import type { LoosePackage } from "../shell/package-managers/loose-packages.ts";
import type { Script, ShellWord } from "../shell/nodes.ts";
import { flagNamed, type Instruction, type RunInstruction } from "../syntax/nodes.ts";

/** What is no version: it means another commit tomorrow. */
const MOVING = /@(?:latest|upgrade|patch|main|master|HEAD|none)?$/;
/** A module's path begins with the name of a host; the standard library's and those of the project do not. */
const HOSTED = /^[\w-]+(?:\.[\w-]+)+\//;

export const rule: Rule = defineRule({
  code: "DFL426",
  name: "pin-go",
  aliases: ["DL3062"],
  category: "packages",
  severity: { recommended: "off", strict: "warning", hadolint: "warning" },
  scope: "all",
  summary: "go installs or runs a package without a version",
  docs: (): RuleDocs => ({
    why: `
      \`go install example.com/tool@latest\` takes the newest version there is when the layer is built, so two builds of
      one commit may differ, and a tool that breaks yours breaks every build from that hour on. \`@v1.2.3\` says which
      one was tested.

      Within a module, a path without a version is the one that \`go.mod\` requires, so nothing is reported once a
      \`go.mod\` has been copied. It is off in \`recommended\`: for a tool of the build the newest may be what is wanted.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23
          RUN go install ⟦golang.org/x/tools/cmd/stringer@latest⟧ && go get -tool ⟦tool@latest⟧
        `,
      },
      {
        dockerfile: dockerfile`
          FROM golang:1.23
          RUN CGO_ENABLED=0 go install -ldflags "-s -w" \
                  # generates the server
                  ⟦example.com/tool/cmd/tool⟧ \
              && go run ⟦example.com/check@main⟧ ./... \
              && go get ⟦example.com/lib⟧ example.com/other@v1.2.3
          COPY --from=tools /bin/protoc /bin/
          RUN go install ⟦example.com/gen⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23
          RUN go install golang.org/x/tools/cmd/stringer@v0.24.0 && go run example.com/check@v1.2.3 example.com/x
        `,
      },
      {
        title: "Packages of the project, in the versions of its go.mod.",
        dockerfile: dockerfile`
          FROM golang:1.23
          COPY go.mod go.sum ./
          RUN go mod download && go install example.com/tool/cmd/tool
          COPY . .
          RUN go install ./... && go run ./cmd/generate && go install /src/cmd/tool
        `,
      },
      {
        title: "Versions in variables.",
        dockerfile: dockerfile`
          FROM golang:1.23
          ARG TOOL_VERSION
          RUN go install example.com/tool@$TOOL_VERSION && go install "$TOOL" cmd/vet
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run);
      if (script === undefined) return;
      const found =
        context.compat === "hadolint" ? looseForHadolint(script).slice(0, 1) : looseIn(run, script, context);
      for (const { name, word } of found) {
        const path = name.replace(/@.*$/, "");
        context.report({
          at: word.span,
          message: `go takes the newest version of ${path} there is that day, so two builds may differ; name the one that was tested: ${path}@vVERSION.`,
        });
      }
    },
  },
});

function looseIn(run: RunInstruction, script: Script, context: RuleContext): LoosePackage[] {
  const words = packageCallsOf(script)
    .filter(({ manager }) => manager === "go")
    .flatMap(packageWords);
  const loose = words.flatMap((word): LoosePackage[] => {
    const { value } = word;
    const loose = value?.includes("@") === true ? MOVING.test(value) : HOSTED.test(value ?? "");
    return value !== undefined && loose ? [{ name: value, word }] : [];
  });
  const required = loose.some(({ name }) => !name.includes("@")) && hasModule(run, script, context);
  return required ? loose.filter(({ name }) => name.includes("@")) : loose;
}

function packageWords({ action, packages, subcommand, operands }: PackageCall): readonly ShellWord[] {
  if (action === "install") return packages.map(({ word }) => word);
  // What follows the package is for the program.
  return subcommand?.value === "run" ? operands.slice(1, 2) : [];
}

// Where a stage may first have a go.mod; what it is based on counts as before.
const modules = new WeakMap<Stage, number>();

/** Whether a go.mod may be there, so that it says which version. */
function hasModule(run: RunInstruction, script: Script, { stage }: RuleContext): boolean {
  if (/\bgo mod (?:init|tidy)\b|\bgit clone\b/.test(script.text)) return true;
  if (stage === undefined || run.mounts.some(({ type }) => type === "bind")) return true;
  const from = foldStages(stage, modules, (one, below) => {
    if (below !== undefined && below !== Infinity) return 0;
    return one.instructions.find(mayBringModule)?.span.start ?? Infinity;
  });
  return from < run.span.start;
}

/** A COPY of the context that takes go.mod, or a folder. */
function mayBringModule(instruction: Instruction): boolean {
  if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") return false;
  if (flagNamed(instruction, "from") !== undefined) return false;
  return instruction.sources.some(
    ({ text }) => /(?:^|\/)(?:\.|go\.\w+|go\.\*|\*)?$/.test(text) || !/\.\w+$/.test(text),
  );
}

function looseForHadolint(script: Script): LoosePackage[] {
  return hadolintCommands(script)
    .filter(({ name }) => name === "go")
    .map((command) => operandsOf(command))
    .flatMap(([subcommand, ...packages]) => {
      if (subcommand?.text === "install" || subcommand?.text === "get") return packages;
      return subcommand?.text === "run" ? packages.slice(0, 1) : [];
    })
    .filter(({ text }) => !/^[./]/.test(text) && (!text.includes("@") || /@(?:latest|none)?$/.test(text)))
    .map(({ text, word }) => ({ name: text, word }));
}
