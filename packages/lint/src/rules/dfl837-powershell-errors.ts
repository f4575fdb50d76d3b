import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "DFL837",
  name: "powershell-errors",
  category: "shell",
  severity: { recommended: "info", strict: "warning" },
  scope: "reachable",
  summary: "PowerShell goes on after a command that failed",
  docs: (): RuleDocs => ({
    why: `
      PowerShell writes an error and runs the next command. If the last one succeeds, so does the step: the image is built
      without what failed, and is cached like that. \`$ErrorActionPreference = 'Stop'\` ends it at the first error; put it
      into SHELL once:
      \`SHELL ["powershell", "-Command", "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue';"]\`.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM mcr.microsoft.com/windows/servercore:ltsc2022
          SHELL ["powershell", "-Command"]
          ⟦RUN⟧ Invoke-WebRequest https://example.org/a.zip -OutFile a.zip; Expand-Archive a.zip -DestinationPath C:/a
        `,
      },
      {
        dockerfile: dockerfile`
          FROM mcr.microsoft.com/windows/servercore:ltsc2022
          ⟦RUN⟧ powershell -Command "Install-WindowsFeature Web-Server; Remove-Item C:/inetpub/x"
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM mcr.microsoft.com/windows/servercore:ltsc2022
          SHELL ["pwsh", "-Command", "$ErrorActionPreference = 'Stop';"]
          RUN Install-WindowsFeature Web-Server; Remove-Item C:/inetpub/x
        `,
      },
      {
        title: "A single command is its own result, and so is one that is told to stop.",
        dockerfile: dockerfile`
          FROM mcr.microsoft.com/windows/servercore:ltsc2022
          SHELL ["powershell", "-Command"]
          RUN Install-WindowsFeature Web-Server
          RUN $ErrorActionPreference = 'Stop'; Remove-Item C:/a; Remove-Item C:/b
          RUN Write-Host "a; b"
        `,
      },
      {
        title: "cmd stops by itself where && joins.",
        dockerfile: dockerfile`
          FROM mcr.microsoft.com/windows/servercore:ltsc2022
          RUN build.cmd && del build.cmd
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const shell = context.shell(run);
      const powershell = shell.dialect === "powershell" && !run.json;
      if (!powershell && context.stage?.image.family !== "windows") return;
      const text = [
        run.args.map((word) => word.text).join(" "),
        ...run.heredocs.map((one) => one.content),
      ].join("\n");
      const called = /^\s*(?:powershell|pwsh)(?:\.exe)?\s/i.test(text);
      if (!powershell && !called) return;
      if (/ErrorActionPreference|-ErrorAction\s+Stop/i.test(text + shell.argv.join(" "))) return;
      if (statements(called ? (/-c(?:ommand)?\s+(.*)$/is.exec(text)?.[1] ?? "") : text) < 2) return;
      context.report({
        at: run.name.span,
        message:
          "PowerShell goes on after a command that failed, and the step succeeds if the last one does; set $ErrorActionPreference = 'Stop' at the start of the RUN, or in SHELL.",
      });
    },
  },
});

/** How many commands stand side by side, as far as semicolons and lines tell; what is quoted is one word. */
function statements(text: string): number {
  const whole = /^\s*(["'])(.*)\1\s*$/s.exec(text)?.[2] ?? text;
  const bare = whole.replace(/"[^"]*"|'[^']*'/g, "").replace(/\{[^{}]*\}|\([^()]*\)/g, "");
  return bare.split(/[;\n]/).filter((part) => /[\w$]/.test(part)).length;
}
