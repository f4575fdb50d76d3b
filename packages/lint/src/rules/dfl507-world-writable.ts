import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { programsOf, readCommandLine } from "../shell/commands.ts";
import { oncePerScript } from "../shell/once-per-script.ts";
import { isWorldWritable } from "../shell/programs/file-mode.ts";
import type { Script, ShellWord } from "../shell/nodes.ts";
import type { ProgramCall } from "../shell/program.ts";
import { flagNamed, type AddInstruction, type CopyInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL507",
  name: "world-writable",
  category: "user",
  severity: "warning",
  scope: "shipped",
  summary: "Everybody may write to a file or folder of the image",
  docs: (): RuleDocs => ({
    why: `
      \`chmod 777\` lets every process in the container replace the program or its settings, whoever it runs as: one
      hole is then enough to stay. Most often it stands in for naming the owner: \`COPY --chown=app\`, or \`chown app\` in
      the RUN that makes the folder. Where the user's number is not known before (OpenShift), give the group what the
      owner has, \`chgrp -R 0 DIR && chmod -R g=u DIR\`: such users are in group 0.

      A sticky bit (\`1777\`, as \`/tmp\` has) is fine, and so are stages that do not ship.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN mkdir /data && chmod -R ⟦777⟧ /data
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          COPY --chmod=⟦0777⟧ entrypoint.sh /usr/local/bin/
          RUN mkdir -p -m ⟦0777⟧ /var/cache/app \
              && install -d --mode=⟦a=rwx⟧ /var/log/app \
              && chmod ⟦a+rw⟧ /etc/app.conf \
              && find /srv -type d -exec chmod ⟦777⟧ {} +
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN mkdir /data && chown app:app /data && chmod 750 /data
          RUN dir="$(mktemp -d)" && chmod 777 "$dir" && cd "$dir" && apt-get source app && cd / && rm -rf "$dir"
          RUN mkdir -m 1777 /scratch && chmod a+rwxt /scratch && chmod +x /run.sh && chmod +w /x
        `,
      },
      {
        title: "For whatever user of group 0.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN chgrp -R 0 /data && chmod -R g=u /data
        `,
      },
      {
        title: "In a stage that does not ship.",
        dockerfile: dockerfile`
          FROM gradle:8-jdk21 AS build
          RUN chmod -R 777 /home/gradle
          FROM eclipse-temurin:21-jre
          COPY --from=build /app.jar /
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run);
      if (script === undefined) return;
      for (const call of programsOf(script).map(unwrapped)) {
        const found = modeOf(call);
        if (found === undefined || !isWorldWritable(found.mode) || isTemporary(call, found, script)) continue;
        const { start, end } = found.word.span;
        const text = context.source.slice({ start, end });
        const at = text.indexOf(found.mode);
        context.report({
          at: at === -1 ? { start, end } : { start: start + at, end: start + at + found.mode.length },
          message: message(`${call.name ?? "chmod"} ${call.name === "chmod" ? "" : "-m "}${found.mode}`),
        });
      }
    },
    COPY: checkCopy,
    ADD: checkCopy,
  },
});

function checkCopy(copy: CopyInstruction | AddInstruction, context: RuleContext): void {
  const word = flagNamed(copy, "chmod")?.value;
  const mode = word === undefined ? undefined : context.model.expand(word, copy).value;
  if (word === undefined || mode === undefined || !isWorldWritable(mode)) return;
  context.report({ at: word.span, message: message(`--chmod=${mode}`) });
}

function message(what: string): string {
  return `${what} lets every process in the container change the file, whoever it runs as; name the owner with --chown or chown, and let only the owner and the group write.`;
}

/** What `find … -exec` starts. */
function unwrapped(call: ProgramCall): ProgramCall {
  const at =
    call.name === "find"
      ? call.args.findIndex(({ value }) => /^-(?:exec|ok)(?:dir)?$/.test(value ?? ""))
      : -1;
  const word = at === -1 ? undefined : call.args[at + 1];
  return word === undefined ? call : { ...call, name: word.value, word, args: call.args.slice(at + 2) };
}

interface Mode {
  readonly mode: string;
  readonly word: ShellWord;
}

const MAKERS: ReadonlyMap<string, { readonly short: string; readonly long: readonly string[] }> = new Map([
  ["mkdir", { short: "m", long: ["mode"] }],
  ["install", { short: "mgotS", long: ["mode", "owner", "group", "target-directory"] }],
  ["mkfifo", { short: "m", long: ["mode"] }],
]);

/** The mode that a command gives to files. */
function modeOf({ name, args }: ProgramCall): Mode | undefined {
  if (name === "chmod") {
    const word = args.find(({ prefix }) => !/^-(?:-|[A-Za-z]*[RHLPcfv])/.test(prefix));
    return word?.value === undefined || onDevices(args) ? undefined : { mode: word.value, word };
  }
  const style = name === undefined ? undefined : MAKERS.get(name);
  if (style === undefined) return undefined;
  const option = readCommandLine(args, style).options.findLast(
    (one) => one.name === "-m" || one.name === "--mode",
  );
  if (option?.value === undefined) return undefined;
  return { mode: option.value, word: option.valueWord ?? option.word };
}

/** Whether the script itself deletes all that gets the mode: a folder of `mktemp -d` that is gone at the end. */
function isTemporary({ args, command }: ProgramCall, { word }: Mode, script: Script): boolean {
  const paths = args.slice(args.indexOf(word) + 1).map(bare);
  if (paths.length === 0) return false;
  const removed = removals(script);
  return paths.every((path) => (removed.get(path) ?? -1) > command.index);
}

/** What `rm` is given, variables as they are written, with the last command that does so. */
const removals = oncePerScript((script): ReadonlyMap<string, number> => {
  const last = new Map<string, number>();
  for (const { index, name, words } of script.commands)
    if (name === "rm") for (const word of words.slice(1)) last.set(bare(word), index);
  return last;
});

function bare({ text }: ShellWord): string {
  return text.replace(/["'{}]|\/$/g, "");
}

/** Whether all paths are made anew when a container starts. */
function onDevices(args: readonly ShellWord[]): boolean {
  const paths = args.filter(({ prefix }) => prefix.startsWith("/"));
  return paths.length > 0 && paths.every(({ prefix }) => /^\/(?:dev|proc|sys)\//.test(prefix));
}
