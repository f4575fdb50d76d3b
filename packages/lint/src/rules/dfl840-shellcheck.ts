import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import type { CheckedScript, GivenVariable, ShellFinding } from "../linter/facts/shell-checker.ts";
import { PREDEFINED_ARGS } from "../semantics/variables/builtins.ts";
import type { Script } from "../shell/nodes.ts";
import type { Dockerfile, RunInstruction } from "../syntax/nodes.ts";

/** Shells by their program's name, in ShellCheck's words; it does not know zsh. */
const DIALECTS: Readonly<Record<string, CheckedScript["dialect"]>> = {
  sh: "sh",
  dash: "dash",
  ash: "dash", // the nearest one that ShellCheck knows
  bash: "bash",
  ksh: "ksh",
};

export const rule: Rule = defineRule({
  code: "DFL840",
  name: "shellcheck",
  aliasPattern: /^SC\d{4}$/,
  category: "shell",
  severity: { recommended: "off", strict: "error", hadolint: "error" },
  scope: "all",
  fix: "suggestion",
  needs: "shellcheck",
  summary: "ShellCheck finds a fault in the shell code of a RUN",
  docs: (): RuleDocs => ({
    why: `
      A RUN is a shell script, and ShellCheck knows what goes wrong in those: words that split where a value holds
      blanks, tests that are always true, bashisms under \`sh\`. Where its program is installed, the code of every RUN
      is given to it, with the shell that SHELL chooses and the variables that ENV and ARG set. Each finding has
      ShellCheck's code (\`SC2086\`), by which it can be muted and configured like a rule; its page is
      \`https://www.shellcheck.net/wiki/SC2086\`. The rule's level is the highest that its findings get.

      It is off in \`recommended\`, so that what fails there does not depend on what is installed. Comments
      \`# shellcheck disable=SC2086\` count, in heredocs and above instructions. PowerShell, cmd and zsh are left
      alone. \`shellcheck: {mode: off}\` in \`.dflint.yaml\` turns it off, \`mode: on\` fails where it is not installed.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ARG DIR=/srv
          RUN rm -rf ⟦$DIR⟧/cache
        `,
        shellFindings: [
          {
            code: "SC2086",
            severity: "info",
            message: "Double quote to prevent globbing and word splitting.",
            at: "$DIR",
            newText: '"$DIR"',
          },
        ],
        fixed: dockerfile`
          FROM alpine:3.20
          ARG DIR=/srv
          RUN rm -rf "$DIR"/cache
        `,
      },
    ],
    good: [
      {
        title: "Code that is not for a shell which ShellCheck knows:",
        dockerfile: dockerfile`
          FROM mcr.microsoft.com/windows/servercore:ltsc2022
          SHELL ["powershell", "-Command"]
          RUN Remove-Item $DIR
        `,
        shellFindings: [{ code: "SC2086", severity: "info", message: "Double quote.", at: "$DIR" }],
      },
    ],
  }),
  visit: {
    file: (file, context): void => {
      if (context.shellChecker === undefined) return;
      const runs = shellRuns(file, context);
      if (runs.length === 0) return;
      for (const finding of context.shellChecker(runs.map(({ checked }) => checked))) {
        const run = runs[finding.script];
        if (run !== undefined) report(run, finding, context);
      }
    },
  },
});

interface ShellRun {
  readonly run: RunInstruction;
  readonly script: Script;
  readonly checked: CheckedScript;
}

function shellRuns({ instructions }: Dockerfile, context: RuleContext): readonly ShellRun[] {
  return instructions.flatMap((instruction) => {
    const run = instruction.keyword === "ONBUILD" ? instruction.inner : instruction;
    if (run?.keyword !== "RUN") return [];
    const script = context.script(run);
    const dialect = script && dialectOf(run, script, context);
    if (script === undefined || dialect === undefined || script.text.trim() === "") return [];
    return [{ run, script, checked: { text: script.text, dialect, variables: variablesOf(run, context) } }];
  });
}

function dialectOf(
  run: RunInstruction,
  script: Script,
  context: RuleContext,
): CheckedScript["dialect"] | undefined {
  if (script.form === "exec") return undefined;
  const [program = ""] = context.shell(run).argv;
  const name = (/[^/\\]*$/.exec(program)?.[0] ?? "").toLowerCase().replace(/\.exe$/, "");
  const speaks = DIALECTS[name];
  if (name === "zsh") return undefined;
  // A heredoc's first line, or the program that reads it, may choose another shell than SHELL.
  if (script.dialect === "bash") return "bash";
  return speaks === "bash" ? "sh" : (speaks ?? "sh");
}

/** More names than that are not looked at for one that was meant. */
const MOST_NAMES = 500;

function variablesOf(run: RunInstruction, { model, compat }: RuleContext): readonly GivenVariable[] {
  const state = model.state(run);
  const given = new Map<string, boolean>();
  for (const name of PREDEFINED_ARGS) if (/proxy$/i.test(name)) given.set(name, true);
  // Before the first FROM nothing can run; that what stands there makes sense is told by other rules.
  for (const one of model.preamble) {
    if (one.keyword === "ENV") for (const { key } of one.pairs) given.set(key.text, true);
  }
  for (const name of state.variableNames(MOST_NAMES)) {
    const variable = state.variable(name);
    // An ARG is gone when ONBUILD comes true.
    if (variable === undefined || (run.onbuild !== undefined && variable.kind === "arg")) continue;
    const isFixed = variable.kind !== "arg" && variable.known && PLAIN.test(variable.value ?? "");
    // hadolint takes every value for a plain one.
    given.set(name, isFixed || compat === "hadolint");
  }
  return [...given].filter(([name]) => NAME.test(name)).map(([name, plain]) => ({ name, plain }));
}

const NAME = /^[A-Za-z_]\w*$/;
const PLAIN = /^[\w./:@%+,=-]*$/;

function report({ run, script }: ShellRun, finding: ShellFinding, context: RuleContext): void {
  const { code, severity, message, start, end } = finding;
  const fixes = fixOf(script, finding, context, run);
  context.report({
    at: script.spanOf(start, Math.max(end, start)),
    message: `${code}: ${message}${/[.?!)"]$/.test(message) ? "" : "."}`,
    aliases: [code],
    severity,
    instruction: run,
    fixes,
  });
}

function fixOf(
  script: Script,
  { code, replacements }: ShellFinding,
  { source }: RuleContext,
  run: RunInstruction,
): readonly OfferedFix[] {
  if (replacements.length === 0 || run.json) return [];
  const edits = replacements.map(({ start, end, newText }) => ({ span: script.spanOf(start, end), newText }));
  const isPlain = replacements.every(({ start, end, newText }, index) => {
    const span = edits[index]?.span;
    // What spans a continuation, or is written otherwise in the file, is left to a person.
    return (
      span !== undefined && source.slice(span) === script.text.slice(start, end) && !newText.includes("\n")
    );
  });
  return isPlain ? [{ title: `Mend ${code} as ShellCheck says`, edits }] : [];
}
