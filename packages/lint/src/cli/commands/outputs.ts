/** Where reports go: printed, or written to files. */
import { resolve } from "node:path";
import { didYouMean } from "../../linter/nearest.ts";
import type { Report } from "../../report/report.ts";
import type { TtyOptions } from "../../report/tty.ts";
import { rules } from "../../rules/index.ts";
import type { Options } from "../arguments.ts";
import { wantsAscii, wantsColour, type Host } from "../host.ts";
import type { FORMATS } from "../options.ts";
import { UsageError } from "../usage-error.ts";

/** One of the formats. */
type Format = (typeof FORMATS)[number];

/** One report to make. */
export interface Output<Name extends string = Format> {
  readonly format: Name;
  /** Undefined prints it. */
  readonly path: string | undefined;
}

/** What `--output` and its other name `--format` ask for. */
export function askedOutputs(options: Options): readonly string[] {
  return [...(options.list("output") ?? []), ...(options.list("format") ?? [])];
}

/**
 * Reads `FORMAT[=PATH]`, given any number of times; a path of `-` prints, too; none means what people read, which is the first of the formats. Throws
 * a {@link UsageError}.
 */
export function parseOutputs<Name extends string>(
  values: readonly string[],
  formats: readonly [Name, ...Name[]],
): readonly Output<Name>[] {
  if (values.length === 0) return [{ format: formats[0], path: undefined }];
  const paths = new Set<string>();
  return values.map((value) => {
    const at = value.indexOf("=");
    const name = at === -1 ? value : value.slice(0, at);
    const format = formats.find((known) => known === name);
    if (format === undefined) {
      throw new UsageError(
        `There is no format "${name}": use ${formats.join(", ")}.${didYouMean(name, formats)}`,
      );
    }
    const named = at === -1 ? undefined : value.slice(at + 1);
    if (named === "") throw new UsageError(`"${value}" names no file: write ${format}=PATH.`);
    const path = named === "-" ? undefined : named;
    if (path !== undefined) {
      if (paths.has(resolve(path))) throw new UsageError(`Two reports cannot both be written to ${path}.`);
      paths.add(resolve(path));
    }
    return { format, path };
  });
}

/** Prints a report, or writes it to a file. Throws a {@link UsageError}. */
export async function writeReport(
  report: Report,
  { format, path }: Output,
  options: Options,
  host: Host,
): Promise<void> {
  await writeText(path, (tty) => FORMATTERS[format](report, tty), options, host);
}

/** A text, or its pieces where it may be too long to hold. */
type Text = string | Generator<string>;

/** Prints a text, or writes it to a file, where it has neither colours nor a width. Throws a {@link UsageError}. */
export async function writeText(
  path: string | undefined,
  make: (tty: TtyOptions) => Text | Promise<Text>,
  options: Options,
  host: Host,
): Promise<void> {
  if (path === undefined) {
    const colour = wantsColour(host, options.has("no-color"));
    print(await make({ colour, columns: host.columns, ascii: wantsAscii(host) }), host);
  } else {
    const text = await make({ colour: false });
    const { writeReportFile } = await import("./report-file.ts");
    writeReportFile(path, typeof text === "string" ? text : [...text].join(""));
  }
}

/** How many characters are printed at once where a text comes in pieces. */
const AT_ONCE = 2 ** 16;

function print(text: Text, host: Host): void {
  if (typeof text === "string") {
    host.out(text);
    return;
  }
  let gathered = "";
  for (const piece of text) {
    gathered += piece;
    if (gathered.length < AT_ONCE) continue;
    host.out(gathered);
    gathered = "";
  }
  host.out(gathered);
}

/** Each format is loaded when it is asked for. */
const FORMATTERS: Readonly<Record<Format, (report: Report, tty: TtyOptions) => Promise<Text>>> = {
  tty: async (report, options) => (await import("../../report/tty.ts")).ttyPieces(report, options),
  compact: async (report) => (await import("../../report/compact.ts")).formatCompact(report),
  json: async (report) => (await import("../../report/json.ts")).formatJson(report),
  jsonl: async (report) => (await import("../../report/jsonl.ts")).jsonlPieces(report),
  sarif: async (report) => {
    const [{ formatSarif }, { documentedRules }] = await Promise.all([
      import("../../report/sarif.ts"),
      import("./documented-rules.ts"),
    ]);
    return formatSarif(report, documentedRules);
  },
  github: async (report) => (await import("../../report/github.ts")).formatGithub(report),
  gitlab: async (report) => (await import("../../report/gitlab.ts")).formatGitlab(report),
  codeclimate: async (report) => (await import("../../report/codeclimate.ts")).formatCodeclimate(report),
  checkstyle: async (report) => (await import("../../report/checkstyle.ts")).formatCheckstyle(report),
  junit: async (report) => (await import("../../report/junit.ts")).formatJunit(report),
  sonarqube: async (report) => (await import("../../report/sonarqube.ts")).formatSonarqube(report, rules),
  markdown: async (report) => (await import("../../report/markdown.ts")).formatMarkdown(report),
};
