/** The formats of `check`, each loaded when it is asked for. */
import type { FileReport, Report, ReportStream } from "../../report/report.ts";
import type { TtyOptions } from "../../report/formats/tty.ts";
import { rules } from "../../rules/index.ts";
import { SourceFile } from "../../source/source-file.ts";
import type { FORMATS } from "../options.ts";

/** One of the formats. */
export type Format = (typeof FORMATS)[number];

/** Those that say of a file what they say once it is checked. */
type StreamFormat = "tty" | "compact" | "jsonl" | "github";

const STREAMS: Readonly<Record<StreamFormat, (tty: TtyOptions) => Promise<ReportStream>>> = {
  tty: async (options) => (await import("../../report/formats/tty.ts")).ttyStream(options),
  compact: async () => (await import("../../report/formats/compact.ts")).compactStream,
  jsonl: async () => (await import("../../report/formats/jsonl.ts")).jsonlStream,
  github: async () => (await import("../../report/formats/github.ts")).githubStream(),
};

/** Those that begin with what is known at the end. */
const FORMATTERS: Readonly<Record<Exclude<Format, StreamFormat>, (report: Report) => Promise<string>>> = {
  json: async (report) => (await import("../../report/formats/json.ts")).formatJson(report),
  sarif: async (report) => {
    const [{ formatSarif }, { documentedRules }] = await Promise.all([
      import("../../report/formats/sarif.ts"),
      import("../documented-rules.ts"),
    ]);
    return formatSarif(report, documentedRules);
  },
  gitlab: async (report) => (await import("../../report/formats/gitlab.ts")).formatGitlab(report),
  codeclimate: async (report) =>
    (await import("../../report/formats/codeclimate.ts")).formatCodeclimate(report),
  checkstyle: async (report) => (await import("../../report/formats/checkstyle.ts")).formatCheckstyle(report),
  junit: async (report) => (await import("../../report/formats/junit.ts")).formatJunit(report),
  sonarqube: async (report) =>
    (await import("../../report/formats/sonarqube.ts")).formatSonarqube(report, rules),
  markdown: async (report) => (await import("../../report/formats/markdown.ts")).formatMarkdown(report),
};

/** Whether a format says of a file what it says once that is checked. */
export function isStreamFormat(format: Format): format is StreamFormat {
  return Object.hasOwn(STREAMS, format);
}

/** A text that is made file by file. */
export async function openStream(format: StreamFormat, tty: TtyOptions): Promise<ReportStream> {
  return await STREAMS[format](tty);
}

/** A text that is made of all files. */
export async function formatReport(format: Exclude<Format, StreamFormat>, report: Report): Promise<string> {
  return await FORMATTERS[format](report);
}

const NO_SOURCE = new SourceFile("");

/** What the formats of all files need of one: where nothing was found, its text is not held. */
export function keptReport(report: FileReport): FileReport {
  if (report.diagnostics.length + report.muted.length > 0) return report;
  // V8 keeps a whole text for each name that was cut out of it, but for copies.
  return { ...report, source: NO_SOURCE, ignoreFile: undefined, stages: structuredClone(report.stages) };
}
