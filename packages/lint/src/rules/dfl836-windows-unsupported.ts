import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { flagNamed, type AddInstruction, type CopyInstruction, type Flag } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL836",
  name: "windows-unsupported",
  category: "runtime",
  severity: "warning",
  scope: "reachable",
  fix: "safe",
  summary: "Windows containers do not have what an instruction asks for",
  docs: (): RuleDocs => ({
    why: `
      Builders of Windows images refuse \`RUN --mount\` and \`COPY --chown\`, or pass them over, since their files have
      neither these owners nor these modes; a Windows container gets no signals, so STOPSIGNAL does nothing. Use
      \`icacls\` in a RUN for access rights, and let the program handle the console's close event.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM mcr.microsoft.com/windows/servercore:ltsc2022
          COPY ⟦--chown=app⟧ service.exe C:/app/
          RUN ⟦--mount=type=cache,target=C:/cache⟧ build.cmd
          ⟦STOPSIGNAL⟧ SIGTERM
        `,
        fixed: dockerfile`
          FROM mcr.microsoft.com/windows/servercore:ltsc2022
          COPY service.exe C:/app/
          RUN --mount=type=cache,target=C:/cache build.cmd
          STOPSIGNAL SIGTERM
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM mcr.microsoft.com/windows/servercore:ltsc2022
          COPY service.exe C:/app/
          RUN icacls C:\\app /grant "ContainerUser:(OI)(CI)M"
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          COPY --chown=app service /app/
          RUN --mount=type=cache,target=/cache make
          STOPSIGNAL SIGINT
        `,
      },
    ],
  }),
  visit: {
    COPY: checkCopy,
    ADD: checkCopy,
    RUN(run, context) {
      if (!onWindows(context)) return;
      for (const { flag } of run.mounts) {
        context.report({
          at: flag.span,
          message:
            "Builders of Windows images know no mounts, so the build stops; copy what the step needs, and delete it in the same RUN.",
        });
      }
    },
    STOPSIGNAL(signal, context) {
      if (!onWindows(context)) return;
      context.report({
        at: signal.name.span,
        message: "Windows containers get no signals, so STOPSIGNAL does nothing; take it out.",
      });
    },
  },
});

function onWindows({ stage }: RuleContext): boolean {
  return stage?.image.family === "windows";
}

function checkCopy(copy: CopyInstruction | AddInstruction, context: RuleContext): void {
  if (!onWindows(context)) return;
  for (const name of ["chown", "chmod"]) {
    const flag = flagNamed(copy, name);
    if (flag === undefined) continue;
    context.report({
      at: flag.span,
      message: `Files in Windows containers have no such ${name === "chown" ? "owners" : "modes"}, and --${name} stops the build or is passed over; take it out, and set access rights with icacls in a RUN.`,
      fixes: removal(flag, context),
    });
  }
}

function removal({ span, name }: Flag, { source }: RuleContext): OfferedFix[] {
  const gap = /^[ \t]+/.exec(source.text.slice(span.end, span.end + 20))?.[0];
  if (gap === undefined) return [];
  const edit = { span: { start: span.start, end: span.end + gap.length }, newText: "" };
  return [{ title: `Take out --${name}`, edits: [edit] }];
}
