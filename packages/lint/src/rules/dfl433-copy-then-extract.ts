import { countBefore } from "../source/count-before.ts";
import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { siblings } from "../semantics/stages/siblings.ts";
import { isRootUser } from "../semantics/root-user.ts";
import { isArchiveName } from "../semantics/paths/source-kind.ts";
import { hadolintCommands, hasFlag, type HadolintCommand } from "../shell/hadolint-command.ts";
import type { Script, ShellCommand } from "../shell/nodes.ts";
import { withoutOptions } from "../shell/options.ts";
import { tarExtractions, type TarExtraction } from "../shell/programs/tar-extraction.ts";
import type { Edit } from "../source/edit.ts";
import type { Span } from "../source/span.ts";
import { removeLines } from "../syntax/line-edits.ts";
import {
  flagNamed,
  type CopyInstruction,
  type Instruction,
  type RunInstruction,
  type Word,
} from "../syntax/nodes.ts";

/** What ADD unpacks, by name. */
const TAR = /\.(?:tar(?:\.(?:gz|bz2|xz|zst))?|t(?:gz|bz2?|xz))$/i;

export const rule: Rule = defineRule({
  code: "DFL433",
  name: "copy-then-extract",
  aliases: ["DL3010"],
  category: "copy",
  severity: { recommended: "info", strict: "warning", hadolint: "info" },
  scope: "reachable",
  fix: "suggestion",
  summary: "An archive is copied and unpacked, where ADD does both at once",
  docs: (): RuleDocs => ({
    why: `
      COPY puts the archive into a layer, where it stays, even if a later RUN deletes it: the image holds everything
      twice, packed and unpacked. \`ADD rootfs.tar.gz /\` unpacks while it copies, and the archive itself is nowhere.

      ADD knows tar, plain or compressed with gzip, bzip2 or xz. For a zip, mount it instead of copying it:
      \`RUN --mount=type=bind,source=a.zip,target=/tmp/a.zip unzip /tmp/a.zip\`.

      Ignore it where tar has to leave something out, or where the archive itself is wanted in the image.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          COPY ⟦rootfs.tar.gz⟧ /tmp/
          RUN tar -xzf /tmp/rootfs.tar.gz -C /opt/app && rm /tmp/rootfs.tar.gz
        `,
        fixed: dockerfile`
          FROM debian:12
          ADD rootfs.tar.gz /opt/app/
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          WORKDIR /src
          # the source
          COPY ⟦vendor/tool-1.2.tar.xz⟧ tool.tar.xz
          RUN mkdir -p /src/tool \
              && tar xf tool.tar.xz -C /src/tool \
              && rm -f tool.tar.xz \
              && make -C tool install
        `,
        fixed: dockerfile`
          FROM debian:12
          WORKDIR /src
          # the source
          ADD vendor/tool-1.2.tar.xz /src/tool/
          RUN make -C tool install
        `,
      },
      {
        title: "tar leaves the first folder out here, which ADD cannot.",
        dockerfile: dockerfile`
          FROM debian:12
          COPY ⟦tool.tgz⟧ /tmp/tool.tgz
          RUN tar --strip-components=1 -xf /tmp/tool.tgz
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          ADD rootfs.tar.gz /opt/app/
          RUN --mount=type=bind,source=a.tar,target=/tmp/a.tar tar -xf /tmp/a.tar -C /opt
        `,
      },
      {
        title: "Another archive, another stage, or no archive that ADD knows.",
        dockerfile: dockerfile`
          FROM debian:12 AS build
          RUN tar -czf /out.tar.gz /app
          FROM debian:12
          COPY --from=build /out.tar.gz /tmp/
          COPY data.zip data.tar /tmp/
          RUN tar -xf /tmp/out.tar.gz && unzip /tmp/data.zip && tar -tf /tmp/data.tar
        `,
      },
    ],
  }),
  visit: {
    COPY(copy, context) {
      if (flagNamed(copy, "from") !== undefined) return;
      const { compat } = context;
      if (compat === "hadolint" && copy.onbuild !== undefined) return;
      for (const source of copy.sources) {
        const names =
          compat === "hadolint" ? namesForHadolint(copy, source) : [nameIn(copy, source, context)];
        const found = unpackingOf(names, copy, context);
        if (found === undefined) continue;
        const name = baseName(source.text);
        context.report({
          at: source.span,
          message: `This layer keeps ${name}, and the RUN in line ${found.run.startLine} writes what is in it once more; ADD unpacks it while it copies.`,
          related: [{ span: found.at, message: "Here it is unpacked" }],
          fixes: found.extraction === undefined ? [] : fixesFor(copy, found.run, found.extraction, context),
        });
        if (compat === "hadolint") break;
      }
    },
  },
});

interface Unpacking {
  readonly run: RunInstruction;
  /** The place of the RUN among its siblings. */
  readonly place: number;
  readonly at: Span;
  readonly extraction: TarExtraction | undefined;
}

/** By the archive's name without its folder, in order. */
type Unpackings = ReadonlyMap<string, readonly Unpacking[]>;

// Both for each list of instructions, so that a stage is read once, however many archives it copies.
const known = new WeakMap<readonly Instruction[], Unpackings>();
const knownToHadolint = new WeakMap<readonly Instruction[], Unpackings>();

/** The first RUN after a COPY that unpacks an archive of one of these names. */
function unpackingOf(
  names: readonly (string | undefined)[],
  copy: CopyInstruction,
  context: RuleContext,
): Unpacking | undefined {
  const list = siblings(copy, context.model);
  const table = context.compat === "hadolint" ? knownToHadolint : known;
  const unpackings = table.get(list) ?? unpackingsIn(list, context);
  table.set(list, unpackings);
  const after = context.model.positionOf(copy);
  for (const name of names) {
    const found = name === undefined ? undefined : firstAfter(unpackings.get(name) ?? [], after);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** They stand in order. */
function firstAfter(unpackings: readonly Unpacking[], after: number): Unpacking | undefined {
  return unpackings[countBefore(unpackings, ({ place }) => place <= after)];
}

function unpackingsIn(list: readonly Instruction[], context: RuleContext): Unpackings {
  const found = new Map<string, Unpacking[]>();
  for (const [place, run] of list.entries()) {
    const script = run.keyword === "RUN" ? context.script(run) : undefined;
    if (run.keyword !== "RUN" || script === undefined) continue;
    const add = (path: string, at: Span, extraction: TarExtraction | undefined): void => {
      const name = baseName(path);
      const same = found.get(name) ?? [];
      same.push({ run, place, at, extraction });
      found.set(name, same);
    };
    if (context.compat === "hadolint") {
      for (const command of hadolintCommands(script).filter(unpacks)) {
        for (const { text } of command.args) add(text, command.word.span, undefined);
      }
    } else if (script.text.includes("tar")) {
      for (const extraction of tarExtractions(script)) {
        const { value, span } = extraction.archive;
        if (value !== undefined) add(value.replace(/^--file=/, ""), span, extraction);
      }
    }
  }
  return found;
}

/** The name that the archive has in the image. */
function nameIn(copy: CopyInstruction, source: Word, { model }: RuleContext): string | undefined {
  const path = model.expand(source, copy).value;
  if (path === undefined || !TAR.test(path)) return undefined;
  const target = (copy.destination && model.expand(copy.destination, copy).value) ?? "";
  return baseName(TAR.test(target) && copy.sources.length === 1 ? target : path);
}

function baseName(path: string): string {
  return path.replace(/["']/g, "").replace(/^.*[/\\]/, "");
}

const UNPACKERS = /^(?:unzip|gunzip|bunzip2|unlzma|unxz|uncompress|zgz|[zx]cat|bzcat|lzcat|xzcat|zcat)$/;

/** hadolint goes by names alone, and takes whatever unpacks. */
function namesForHadolint(copy: CopyInstruction, source: Word): string[] {
  const target = copy.destination?.text ?? "";
  return [source.text, target].filter((text) => isArchiveName(text.replace(/["']/g, ""))).map(baseName);
}

function unpacks(command: HadolintCommand): boolean {
  if (command.name !== "tar") return UNPACKERS.test(command.name);
  return hasFlag(command, "x", "extract", "get") || /^[a-zA-Z]*x/.test(command.args[0]?.text ?? "");
}

/** ADD in the place of COPY, where the RUN right below begins with nothing but the unpacking. */
function fixesFor(
  copy: CopyInstruction,
  run: RunInstruction,
  extraction: TarExtraction,
  context: RuleContext,
): OfferedFix[] {
  const { destination, sources, flags } = copy;
  const script = context.script(run);
  const adjacent = context.model.positionOf(run) === context.model.positionOf(copy) + 1;
  if (destination === undefined || script === undefined || sources.length > 1 || flags.length > 0) return [];
  if (!adjacent || run.onbuild !== undefined || run.flags.length > 0 || run.json || run.heredocs.length > 0)
    return [];
  const { user } = context.model.state(run);
  // tar gives what it unpacks to whom it runs as, ADD to whom the archive names, unless both are root.
  if (user !== undefined && (user.value === undefined || !isRootUser(user.value))) return [];
  if (isWantedLater(run, extraction, context)) return [];
  const folder = folderOf(extraction, run, context);
  const rest = folder === undefined ? undefined : removeUnpacking(run, script, extraction, folder, context);
  if (folder === undefined || rest === undefined) return [];
  const newText = copy.name.text === copy.name.text.toLowerCase() ? "add" : "ADD";
  return [
    {
      title: "Unpack it with ADD",
      edits: [
        { span: copy.name.span, newText },
        { span: destination.span, newText: `${folder.replace(/\/+$/, "")}/` },
        rest,
      ],
    },
  ];
}

/** How many instructions are looked through: nobody reads a stage of more. */
const MAX_LATER = 200;

/** Whether what follows names the archive, which ADD leaves nowhere. */
function isWantedLater(run: RunInstruction, { archive, call }: TarExtraction, context: RuleContext): boolean {
  const name = baseName(archive.value?.replace(/^--file=/, "") ?? archive.text);
  const inRun = context
    .script(run)
    ?.commands.some(
      ({ index, name: program, words }) =>
        index > call.command.index && program !== "rm" && words.some(({ text }) => text.includes(name)),
    );
  const later = siblings(run, context.model).slice(context.model.positionOf(run) + 1);
  return (
    inRun === true || later.length > MAX_LATER || later.some(({ logical }) => logical.text.includes(name))
  );
}

function folderOf(
  { folder, whole }: TarExtraction,
  run: RunInstruction,
  { model }: RuleContext,
): string | undefined {
  if (!whole) return undefined;
  const value =
    folder === undefined ? model.state(run).workdir?.value : folder.value?.replace(/^--directory=|^-C/, "");
  return value !== undefined && /^\/[\w./-]*$/.test(value) ? value : undefined;
}

/** Takes the unpacking out of the RUN: all of it, or its first commands up to what else it does. */
function removeUnpacking(
  run: RunInstruction,
  script: Script,
  { call, archive }: TarExtraction,
  folder: string,
  { source }: RuleContext,
): Edit | undefined {
  const isPart = (command: ShellCommand): boolean => {
    const operands = withoutOptions(command.words.slice(1));
    const only = (path: string | undefined): boolean => operands.length === 1 && operands[0]?.value === path;
    if (command === call.command) return call.wrappers.length === 0;
    if (command.name === "rm") return command.index > call.command.index && only(archive.value);
    return command.name === "mkdir" && only(folder) && command.index < call.command.index;
  };
  const { commands } = script;
  const next = commands.find((command) => !isPart(command));
  const end = next?.index ?? commands.length;
  const leading = commands.slice(0, end);
  if (!leading.includes(call.command) || leading.some(({ pipeline }) => pipeline.length > 1))
    return undefined;
  if (leading.some(({ after, index }) => after !== "&&" && index < commands.length - 1)) return undefined;
  const start = leading[0]?.span.start ?? run.span.start;
  const code = { start, end: next?.span.start ?? run.span.end };
  if (source.slice(code).includes("#")) return undefined;
  return next === undefined ? removeLines(source, run) : { span: code, newText: "" };
}
