import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { mergeFix } from "../linter/merge-fix.ts";
import { hiddenBy, type HiddenFiles } from "../linter/facts/hidden-files.ts";
import { insertion } from "../source/edit.ts";
import { instructionBefore, runsBetween } from "../semantics/stages/siblings.ts";
import { packagesBelow, type InstalledPackages } from "../semantics/packages/installed-packages.ts";
import { ScriptFolders } from "../semantics/paths/script-folders.ts";
import { filesBelow, type WrittenFiles } from "../semantics/paths/written-files.ts";
import { cleanContextPath } from "../semantics/paths/taken-paths.ts";
import { absolutePath, isBelowUnknown } from "../semantics/paths/absolute-path.ts";
import { matcherFor } from "../semantics/paths/path-matcher.ts";
import { isCopiedPart, type WrittenPath } from "../semantics/paths/written-paths.ts";
import { callName, callSpan } from "../shell/package-managers/call-words.ts";
import { PACKAGE_CALL, packageCallsOf } from "../shell/commands.ts";
import type { Script } from "../shell/nodes.ts";
import { withoutOptions } from "../shell/options.ts";
import { onlyReads } from "../shell/only-reads.ts";
import { removeCommand } from "../shell/edits/remove-command.ts";
import { REMOVAL_CALL, removedPaths, type RemovedPath } from "../shell/removed-paths.ts";
import { layoutOf } from "../shell/edits/run-layout.ts";
import { lineEndOf, wholeLines } from "../syntax/line-edits.ts";
import type { RunInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL104",
  name: "delete-in-later-layer",
  category: "cache",
  severity: "warning",
  scope: "shipped",
  fix: "suggestion",
  engine: "build",
  summary: "A file is deleted in a later layer than the one that holds it",
  docs: (): RuleDocs => ({
    why: `
      Layers are stacked and never changed. Deleting a file of an earlier layer adds a mark (a whiteout) that hides it:
      every pull still loads its bytes, and whoever unpacks the earlier layer reads it, a secret included. What is not
      to stay has to go in the RUN that made it; what is only needed while a step runs can be lent to it by
      \`RUN --mount=type=bind\`, or stay in a build stage.

      The rule knows what COPY and ADD bring, what curl, wget and git load, what package managers install and cache.
      Files of the base image are left alone: deleting them may be what is meant.
    `,
    engine: `
      With \`--engine build\` the file is built: each finding tells the bytes that stay, what hides none is not reported, and
      what a script deletes of earlier layers is, too, from 10 kB on.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          COPY tool.tar.gz /tmp/
          RUN tar -xzf /tmp/tool.tar.gz -C /opt && rm ⟦/tmp/tool.tar.gz⟧
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN --mount=type=bind,source=tool.tar.gz,target=/tmp/tool.tar.gz \
              tar -xzf /tmp/tool.tar.gz -C /opt
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN curl -fsSLo /tmp/a.deb https://example.org/a.deb
          RUN dpkg -i /tmp/a.deb && rm -rf ⟦/tmp/*⟧
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN curl -fsSLo /tmp/a.deb https://example.org/a.deb \
              && dpkg -i /tmp/a.deb && rm -rf /tmp/*
        `,
      },
      {
        title: "Lists and caches of package managers.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y git
          COPY . /src
          RUN make -C /src && rm -rf ⟦/var/lib/apt/lists/*⟧
        `,
      },
      {
        title: "Packages, too: the compiler is still in the first layer.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache --virtual .build gcc musl-dev
          COPY main.c .
          RUN gcc -o /bin/main main.c && ⟦apk del⟧ .build
        `,
      },
      {
        title: "The context tells that the folder was copied.",
        files: { "src/main.py": "", "tests/data.bin": 5_000_000 },
        dockerfile: dockerfile`
          FROM python:3.12-slim
          WORKDIR /app
          COPY . .
          RUN rm -rf ⟦tests⟧
        `,
      },
      {
        title: "Nothing in the text tells what the script deletes; the layers do.",
        dockerfile: dockerfile`
          FROM debian:12
          COPY . /src
          ⟦RUN⟧ /src/build.sh
        `,
        engine: {
          layers: {
            "COPY . /src": {},
            "RUN /src/build.sh": {
              hidden: [{ path: "/src/assets.zip", bytes: 40_000_000, reason: "deleted", by: "COPY . /src" }],
            },
          },
        },
      },
    ],
    good: [
      {
        title: "dnf5 has a cache of its own, which is gone.",
        dockerfile: dockerfile`
          FROM fedora:41
          RUN dnf5 install -y vim && rm -rf /var/cache/libdnf5
          RUN rm -rf /var/cache/yum
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN curl -fsSLo /tmp/a.deb https://example.org/a.deb && dpkg -i /tmp/a.deb && rm /tmp/a.deb
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN --mount=type=bind,source=tool.tar.gz,target=/tmp/tool.tar.gz tar -xzf /tmp/tool.tar.gz -C /opt
        `,
      },
      {
        title: "The base image brought it, and it has to go.",
        dockerfile: dockerfile`
          FROM nginx:1.27
          RUN rm /etc/nginx/conf.d/default.conf
          COPY site.conf /etc/nginx/conf.d/
        `,
      },
      {
        title: "Layers of a build stage are not shipped.",
        dockerfile: dockerfile`
          FROM debian:12 AS build
          COPY src.tar.gz /tmp/
          RUN tar -xzf /tmp/src.tar.gz && rm /tmp/src.tar.gz
          FROM debian:12-slim
          COPY --from=build /app /app
        `,
      },
      {
        title: "Made and deleted by one step, though the folder was made before.",
        dockerfile: dockerfile`
          FROM debian:12
          WORKDIR /app
          COPY . .
          RUN make && rm -rf build
        `,
      },
      {
        title: "The build tells that nothing is hidden.",
        dockerfile: dockerfile`
          FROM debian:12
          COPY tool.tar.gz /tmp/
          RUN use /tmp/tool.tar.gz && rm -f /tmp/tool.tar.gz
        `,
        engine: { layers: { "RUN use /tmp/tool.tar.gz && rm -f /tmp/tool.tar.gz": {} } },
      },
    ],
  }),
  visit: {
    stage(stage, context) {
      const { model } = context;
      const files = filesBelow(stage, model, (run) => context.script(run));
      const packages = packagesBelow(stage, (run) => context.script(run, PACKAGE_CALL));
      const told = new Set<WrittenPath>();
      for (const instruction of stage.instructions) {
        if (instruction.keyword === "RUN") {
          const script = context.script(instruction, REMOVING);
          const hidden = hiddenBy(context.engine?.build, instruction, context.source, "deleted");
          if (script !== undefined) {
            reportPaths(instruction, script, { files, told, hidden }, context);
            reportPackages(instruction, script, { packages, hidden }, context);
          }
          if (hidden !== undefined) reportRest(instruction, hidden, context);
          packages.add(instruction);
        }
        files.add(instruction);
      }
    },
  },
});

/** Finds what deletes files, or packages. */
const REMOVING = new RegExp(`${REMOVAL_CALL.source}|${PACKAGE_CALL.source}`);

/** What the stage has written so far, what of that is told, and what the layer of a RUN hides, where it was built. */
interface Below {
  readonly files: WrittenFiles;
  readonly told: Set<WrittenPath>;
  readonly hidden: HiddenFiles | undefined;
}

function reportPaths(
  run: RunInstruction,
  script: Script,
  { files, told, hidden }: Below,
  context: RuleContext,
): void {
  const paths = removedPaths(script);
  if (paths.length === 0) return;
  const folders = new ScriptFolders(run, script, context.model);
  for (const removed of paths) {
    const path = absolutePath(removed.path, run, context.model, folders.at(removed.command.index));
    const held = files.heldBy(path);
    const gone =
      held.length > 0 ? held : files.around(path).filter((one) => isPartOf(one, path, removed, run, context));
    const found = gone.find((one) => !told.has(one));
    // What is gone once is told once; of a folder, other parts may follow.
    for (const one of gone) if (held.length > 0 || one.kind === "cache") told.add(one);
    if (found === undefined) continue;
    const matches = matcherFor(path);
    const sum = hidden?.take((one) => matches(absolutePath(one, run, context.model)));
    // A build knows better than any reading what is there.
    if (hidden !== undefined && sum === undefined && !isBelowUnknown(path)) continue;
    const where = `${found.by} (line ${context.source.lineAt(found.span.start)})`;
    context.report({
      at: removed.word.span,
      instruction: run,
      message: `${removed.word.text} is only hidden here: the bytes that ${where} put into an earlier layer stay in the image and are pulled each time; ${adviceFor(found)}.`,
      related: [{ span: found.span, message: "Its bytes are in the layer of this instruction" }],
      evidence: sum === undefined ? [] : [sum.evidence],
      fixes: fixesFor(found, removed, path, run, script, context),
    });
  }
}

/** Whether `path` is a part of what was written: of a cache, or of a folder that was surely copied with it. */
function isPartOf(
  written: WrittenPath,
  path: string,
  removed: RemovedPath,
  run: RunInstruction,
  { model, context }: RuleContext,
): boolean {
  if (written.kind === "cache") return true;
  // What stands before in the RUN, or a RUN between, may have made it.
  const isCopied = isCopiedPart(written, path, context);
  return isCopied ?? (removed.command.index === 0 && !runsBetween(written.instruction, run, model));
}

function adviceFor({ kind, by, instruction }: WrittenPath): string {
  if (kind === "cache") return `delete it in the RUN that calls ${by}`;
  if (instruction.keyword === "RUN") return `delete it in the RUN that calls ${by}`;
  const { keyword } = instruction;
  return keyword === "COPY"
    ? "lend it to the step with RUN --mount=type=bind, or do not copy it"
    : "load, use and delete it in one RUN, or mount it with RUN --mount=type=bind";
}

function fixesFor(
  written: WrittenPath,
  removed: RemovedPath,
  path: string,
  run: RunInstruction,
  script: Script,
  context: RuleContext,
): OfferedFix[] {
  const { source, dockerfile } = context;
  const before = instructionBefore(run, context.model);
  if (before === undefined || before !== written.instruction) return [];
  if (before.keyword === "RUN") return mergeFix(before, run, context);
  const isPlainCopy = before.keyword === "COPY" && before.flags.length === 0 && before.sources.length === 1;
  const paths = withoutOptions(removed.command.words.slice(1));
  if (!isPlainCopy || path !== written.path || paths.length !== 1 || written.source === undefined) return [];
  const removal = removeCommand(script, removed.command, source);
  const code = run.args[0]?.span.start;
  if (removal === undefined || code === undefined || run.json || run.heredocs.length > 0) return [];
  if (/[\s,"'$*?[\]]/.test(written.source + path) || !path.startsWith("/") || isBelowUnknown(path)) return [];
  // What is lent cannot be changed.
  if (!onlyReads(script, path, removed.command)) return [];
  const indent = layoutOf(run, source)?.indent ?? "    ";
  const mount = `--mount=type=bind,source=${cleanContextPath(written.source)},target=${path}`;
  return [
    {
      title: "Lend the file to the step instead of copying it",
      edits: [
        { span: wholeLines(before, source), newText: "" },
        insertion(code, `${mount} ${dockerfile.escape}${lineEndOf(source)}${indent}`),
        removal,
      ],
    },
  ];
}

/** What the layer hides, and nothing in the text gives away. */
function reportRest(run: RunInstruction, hidden: HiddenFiles, context: RuleContext): void {
  const sum = hidden.rest();
  if (sum === undefined) return;
  context.report({
    at: run.name.span,
    instruction: run,
    message: `This RUN only hides what earlier layers hold (${sum.amount}): the bytes stay in the image and are pulled each time; delete it in the RUN that makes it, lend it with RUN --mount=type=bind, or do both in a build stage.`,
    evidence: [sum.evidence],
    related: sum.holders.map((span) => ({ span, message: "Bytes are in the layer of this instruction" })),
  });
}

function reportPackages(
  run: RunInstruction,
  script: Script,
  { packages, hidden }: Pick<Below, "hidden"> & { readonly packages: InstalledPackages },
  context: RuleContext,
): void {
  for (const call of packageCallsOf(script)) {
    if (call.action !== "remove") continue;
    const names = call.packages.flatMap(({ name }) => (name === undefined ? [] : [name]));
    const found = names.filter((name) => packages.firstInstallation(call, name) !== undefined);
    const first = packages.firstInstallation(call, found[0] ?? "");
    if (first === undefined) continue;
    // What else this RUN deletes belongs to the packages.
    const sum = hidden?.take(() => true);
    if (hidden !== undefined && sum === undefined) continue;
    const isRightBefore = instructionBefore(run, context.model) === first.run;
    const line = context.source.lineAt(first.run.span.start);
    context.report({
      at: callSpan(call),
      instruction: run,
      message: `${callName(call)} only hides ${[...new Set(found)].join(", ")} here: the files that line ${line} installed stay in its layer and are pulled each time; install, use and remove in one RUN, or do it in a build stage.`,
      evidence: sum === undefined ? [] : [sum.evidence],
      related: [{ span: callSpan(first.call), message: "The files are in the layer of this call" }],
      fixes: isRightBefore ? mergeFix(first.run, run, context) : [],
    });
  }
}
