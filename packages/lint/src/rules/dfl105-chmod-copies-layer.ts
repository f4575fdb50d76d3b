import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { hiddenBy, type HiddenFiles } from "../linter/facts/hidden-files.ts";
import { mergeFix } from "../linter/merge-fix.ts";
import { insertion } from "../source/edit.ts";
import { hidingMounts } from "../semantics/packages/cache-surroundings.ts";
import { instructionBefore, runsBetween, siblings } from "../semantics/stages/siblings.ts";
import { filesBelow, type WrittenFiles } from "../semantics/paths/written-files.ts";
import { cleanContextPath } from "../semantics/paths/taken-paths.ts";
import { absolutePath, isBelowUnknown } from "../semantics/paths/absolute-path.ts";
import { matcherFor } from "../semantics/paths/path-matcher.ts";
import { isCopiedPart, type WrittenPath } from "../semantics/paths/written-paths.ts";
import { programsOf, type ProgramCall } from "../shell/commands.ts";
import { callOf } from "../shell/may-call.ts";
import type { Script, ShellWord } from "../shell/nodes.ts";
import { removeCommand } from "../shell/edits/remove-command.ts";
import { cover } from "../source/span.ts";
import { wholeLines } from "../syntax/line-edits.ts";
import type { Instruction, RunInstruction } from "../syntax/nodes.ts";

const ADDS_USERS = new Set(["useradd", "adduser", "groupadd", "addgroup", "usermod", "groupmod"]);

export const rule: Rule = defineRule({
  code: "DFL105",
  name: "chmod-copies-layer",
  category: "cache",
  severity: "warning",
  scope: "shipped",
  fix: "safe",
  engine: "build",
  summary: "chmod or chown in a later layer copies the files that an earlier one holds",
  docs: (): RuleDocs => ({
    why: `
      A layer cannot change the mode or the owner of a file in an earlier one: the whole file is copied up into the new
      layer, and the image holds it twice. After \`COPY . /app\`, a \`chown -R\` doubles the application.
      \`COPY --chmod=755\` and \`COPY --chown=app:app\` write the file as it is to be, in one layer (\`--chmod\` needs
      BuildKit); what a RUN loads gets its mode in that RUN. \`--chown=app\` sets the group as well, which \`chown app\` leaves
      alone.
    `,
    engine: `
      With \`--engine build\` the file is built: each finding tells the bytes that are there twice, what copies none is not
      reported, and what a script changes in earlier layers is, too, from 10 kB on.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          COPY entrypoint.sh /usr/local/bin/entrypoint.sh
          RUN ⟦chmod 755 /usr/local/bin/entrypoint.sh⟧
        `,
        fixed: dockerfile`
          FROM debian:12
          COPY --chmod=755 entrypoint.sh /usr/local/bin/entrypoint.sh
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          WORKDIR /srv
          COPY --link run.sh .
          RUN ⟦chmod +x run.sh⟧ \
              && mkdir data
        `,
        fixed: dockerfile`
          FROM debian:12
          WORKDIR /srv
          COPY --link --chmod=755 run.sh .
          RUN mkdir data
        `,
      },
      {
        title: "What useradd makes does not exist when COPY runs, so a person has to move it.",
        dockerfile: dockerfile`
          FROM debian:12
          COPY . /app
          RUN useradd --no-log-init app && ⟦chown -R app:app /app⟧
        `,
      },
      {
        title: "What a RUN loaded gets its mode there.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN curl -fsSLo /usr/local/bin/tool https://example.org/tool
          RUN ⟦chmod 755 /usr/local/bin/tool⟧
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN curl -fsSLo /usr/local/bin/tool https://example.org/tool \
              && chmod 755 /usr/local/bin/tool
        `,
      },
      {
        title: "Nothing in the text tells what the script changes; the layers do.",
        dockerfile: dockerfile`
          FROM debian:12
          COPY . /src
          ⟦RUN⟧ /src/setup.sh
        `,
        engine: {
          layers: {
            "COPY . /src": {},
            "RUN /src/setup.sh": {
              hidden: [{ path: "/src/data.bin", bytes: 40_000_000, reason: "metadata", by: "COPY . /src" }],
            },
          },
        },
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          COPY --chmod=755 --chown=app:app entrypoint.sh /usr/local/bin/
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN curl -fsSLo /usr/local/bin/tool https://example.org/tool && chmod 755 /usr/local/bin/tool
        `,
      },
      {
        title: "What is changed was made by this step, or is the base image's.",
        dockerfile: dockerfile`
          FROM nginx:1.27
          COPY site.conf /etc/nginx/conf.d/
          RUN mkdir /data && chown nginx /data && chmod 1777 /var/cache/nginx
        `,
      },
      {
        title: "Layers of a build stage are not shipped.",
        dockerfile: dockerfile`
          FROM debian:12 AS build
          COPY build.sh /
          RUN chmod +x /build.sh && /build.sh
          FROM debian:12-slim
          COPY --from=build /out /app
        `,
      },
      {
        title: "The build tells that nothing is copied.",
        dockerfile: dockerfile`
          FROM debian:12
          COPY tool /opt/
          RUN chmod 755 /opt/tool
        `,
        engine: { layers: { "RUN chmod 755 /opt/tool": {} } },
      },
    ],
  }),
  visit: {
    stage(stage, context) {
      const files = filesBelow(stage, context.model, (run) => context.script(run));
      for (const instruction of stage.instructions) {
        if (instruction.keyword === "RUN") {
          const script = context.script(instruction, CHANGE_CALL);
          const hidden = hiddenBy(context.engine?.build, instruction, context.source, "metadata");
          if (script !== undefined) {
            const moved = script.commands.findIndex(({ name }) => name === "cd");
            const changing = { run: instruction, script, files, hidden, moved };
            for (const change of changesOf(script)) report(change, changing, context);
          }
          if (hidden !== undefined) reportRest(instruction, hidden, context);
        }
        files.add(instruction);
      }
    },
  },
});

/** A mode may begin with a dash, too: `chmod -w file`. */
function isOption({ prefix }: ShellWord): boolean {
  return /^-(?:-|[a-zA-Z]*[RHLPcfvh])/.test(prefix) && !/^-[rwxXst]+$/.test(prefix);
}

const CHANGE_CALL = callOf(["chmod", "chown"]);

/** A call of chmod or chown. */
interface Change {
  readonly call: ProgramCall;
  readonly flag: "chmod" | "chown";
  /** The mode or the owner as written. */
  readonly value: string;
  readonly recursive: boolean;
  readonly paths: readonly ShellWord[];
}

function changesOf(script: Script): Change[] {
  return programsOf(script).flatMap((call): Change[] => {
    const { name, args } = call;
    if (name !== "chmod" && name !== "chown") return [];
    if (args.some(({ prefix }) => prefix.startsWith("--reference"))) return [];
    const [value, ...paths] = args.filter((word) => !isOption(word));
    if (value?.value === undefined || paths.length === 0) return [];
    const recursive = args.some(({ value: text }) => /^-[a-zA-Z]*R|^--recursive$/.test(text ?? ""));
    return [{ call, flag: name, value: value.value, recursive, paths }];
  });
}

/** A RUN, the files that it finds, and those that its layer hides, where it was built. */
interface Changing {
  readonly run: RunInstruction;
  readonly script: Script;
  readonly files: WrittenFiles;
  readonly hidden: HiddenFiles | undefined;
  /** The index of the first cd, or -1. */
  readonly moved: number;
}

function report(change: Change, changing: Changing, context: RuleContext): void {
  const { run, files, hidden, moved } = changing;
  const { call, flag, paths } = change;
  const { model, source } = context;
  const moves = moved !== -1 && moved < call.command.index;
  const mounts = hidingMounts(run, model).map((target) => `${target.replace(/\/$/, "")}/`);
  const known = paths.flatMap(({ prefix, value: path }) => {
    if (path === undefined || (moves && !/^[/~]/.test(prefix))) return [];
    const absolute = absolutePath(path, run, model);
    // What a mount holds is in no layer.
    return mounts.some((mount) => `${absolute}/`.startsWith(mount)) ? [] : [absolute];
  });
  const found = known.flatMap((path) => changedBy(change, path, run, files, context)).at(0);
  if (found === undefined) return;
  const matchers = known.map((path) => matcherFor(path));
  const sum = hidden?.take((path) => matchers.some((matches) => matches(absolutePath(path, run, model))));
  // A build knows better than any reading what is there.
  if (hidden !== undefined && sum === undefined && !known.some(isBelowUnknown)) return;
  const last = paths.at(-1) ?? call.word;
  const line = source.lineAt(found.span.start);
  const what = paths.map(({ text }) => text).join(" ");
  const isPart = known.every((path) => path.startsWith(`${found.path.replace(/\/$/, "")}/`));
  const advice = adviceFor(change, found, isPart, run, context);
  context.report({
    at: cover(call.word.span, last.span),
    instruction: run,
    message: `${flag} copies ${what} into this layer once more, because the layer of line ${line} cannot be changed, so the image holds the bytes twice; ${advice}.`,
    related: [{ span: found.span, message: "The first copy is in the layer of this instruction" }],
    evidence: sum === undefined ? [] : [sum.evidence],
    fixes: fixesFor(change, found, changing, context),
  });
}

function adviceFor(
  { flag, value }: Change,
  { instruction, by }: WrittenPath,
  isPart: boolean,
  run: RunInstruction,
  context: RuleContext,
): string {
  const line = context.source.lineAt(instruction.span.start);
  if (instruction.keyword === "RUN") return `call ${flag} in the RUN that loads it (line ${line})`;
  const option = `--${flag}=${flag === "chmod" && !/^\d+$/.test(value) ? "755" : value}`;
  // The flag would change all that the instruction copies.
  if (isPart) {
    const own = `copy it by a ${by} of its own with ${option}`;
    return flag === "chmod" ? `set the mode in the repository (git update-index --chmod=+x), or ${own}` : own;
  }
  return flag === "chown" && makesUsers(instruction, run, context)
    ? `make the user above line ${line}, and write ${by} ${option} there`
    : `write ${by} ${option} in line ${line}`;
}

/** What the layer holds once more, and nothing in the text gives away. */
function reportRest(run: RunInstruction, hidden: HiddenFiles, context: RuleContext): void {
  const sum = hidden.rest();
  if (sum === undefined) return;
  context.report({
    at: run.name.span,
    instruction: run,
    message: `This RUN copies what earlier layers hold into its own (${sum.amount}), with another mode, owner or time and the same content, so the image holds the bytes twice; set both where the files are written (COPY --chmod, --chown), or in the RUN that makes them.`,
    evidence: [sum.evidence],
    related: sum.holders.map((span) => ({
      span,
      message: "The first copy is in the layer of this instruction",
    })),
  });
}

/** What was written and a change of `path` touches: the last of it, if there is any. */
function changedBy(
  { recursive }: Change,
  path: string,
  run: RunInstruction,
  files: WrittenFiles,
  { model, context }: RuleContext,
): WrittenPath[] {
  const depth = path.split("/").length;
  const named = files
    .heldBy(path)
    .filter(
      (one) => recursive || one.path === path || (/[*?[]/.test(path) && one.path.split("/").length === depth),
    );
  if (named.length > 0) return lastOf(named);
  const part = files
    .around(path)
    .findLast((one) => isCopiedPart(one, path, context) ?? !runsBetween(one.instruction, run, model));
  return part === undefined ? [] : [part];
}

function lastOf(written: readonly WrittenPath[]): WrittenPath[] {
  return written
    .filter(({ kind }) => kind !== "cache")
    .sort((left, right) => right.span.start - left.span.start)
    .slice(0, 1);
}

function fixesFor(
  change: Change,
  written: WrittenPath,
  { run, script, files }: Changing,
  context: RuleContext,
): OfferedFix[] {
  const { source, model } = context;
  const copy = written.instruction;
  if (copy.keyword === "RUN")
    return instructionBefore(run, model) === copy ? mergeFix(copy, run, context) : [];
  if ((copy.keyword !== "COPY" && copy.keyword !== "ADD") || copy.sources.length !== 1) return [];
  if (copy.flags.some(({ name }) => name === change.flag) || model.stageOf(copy) !== model.stageOf(run))
    return [];
  const [path] = change.paths;
  const target = path?.value === undefined ? undefined : absolutePath(path.value, run, model);
  // The flag sets the mode of every file of a folder, and the folder itself may have been there before.
  if (target !== written.path || change.paths.length !== 1 || change.recursive || isFolder(written, context))
    return [];
  const value = flagValue(change);
  if (value === undefined || (change.flag === "chown" && makesUsers(copy, run, context))) return [];
  const removal =
    script.commands.length === 1
      ? { span: wholeLines(run, source), newText: "" }
      : removeCommand(script, change.call.command, source);
  if (removal === undefined || run.json || isConditional(change, script)) return [];
  const flags = copy.flags.at(-1)?.span.end ?? copy.name.span.end;
  const isSeen = runsBetween(copy, run, model) || isReplaced(written, files, context);
  return [
    {
      title: `Write ${copy.keyword} --${change.flag}=${value} instead`,
      applicability: written.kind === "file" && !isSeen && isExact(change, value) ? "safe" : "suggestion",
      edits: [insertion(flags, ` --${change.flag}=${value}`), removal],
    },
  ];
}

/** Whether the RUN may go well without changing the file: what fails before it is followed by something that goes on. */
function isConditional({ call: { command } }: Change, { commands }: Script): boolean {
  return command.before === "&&" && commands.some(({ after }) => ["||", ";", "&", "newline"].includes(after));
}

/** Whether a folder that is copied later may bring the file once more. */
function isReplaced({ path, span }: WrittenPath, files: WrittenFiles, { context }: RuleContext): boolean {
  return files
    .around(path)
    .some(
      (one) =>
        one.kind === "tree" &&
        one.span.start > span.start &&
        (one.source === undefined || isCopiedPart(one, path, context) !== false),
    );
}

/** Whether the flag does just what the call does, before anything else of its RUN sees the file. */
function isExact({ call: { command }, flag, value: written }: Change, value: string): boolean {
  // chown leaves the group alone where none is given; --chown sets it to that of the user.
  if (value !== written || (flag === "chown" && !value.includes(":"))) return false;
  return command.index === 0 && !command.negated && command.redirects.length === 0;
}

/** What the flag takes: octal digits; what makes a file executable becomes the mode that this gives to a usual file. */
function flagValue({ flag, value }: Change): string | undefined {
  if (flag === "chown") return /^[\w.-]+(?::[\w.-]+)?$/.test(value) ? value : undefined;
  if (/^[0-7]{3,4}$/.test(value)) return value;
  return /^(?:a|ugo)?\+r?x$/.test(value) ? "755" : undefined;
}

function isFolder({ source }: WrittenPath, { context }: RuleContext): boolean {
  if (source === undefined) return false;
  const path = cleanContextPath(source);
  if (path === "" || source.endsWith("/")) return true;
  return context !== undefined && context.source.list(path).length > 0;
}

/** Whether the owner may be unknown when the COPY runs. */
function makesUsers(copy: Instruction, run: RunInstruction, context: RuleContext): boolean {
  const last = context.model.positionOf(run);
  const first = context.model.positionOf(copy);
  // Nobody makes a user so far from where it is used, and reading all of a long stage for each RUN takes too long.
  if (last - first > 200) return true;
  const between = siblings(run, context.model).slice(first, last + 1);
  return between.some((instruction) => {
    const script = instruction.keyword === "RUN" ? context.script(instruction) : undefined;
    return (
      script !== undefined &&
      programsOf(script).some(({ name }) => name !== undefined && ADDS_USERS.has(name))
    );
  });
}
