/** Where reports go: printed, or written to files. */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { didYouMean } from "../../linter/nearest.ts";
import type { Report } from "../../report/report.ts";
import { FORMATS } from "../options.ts";
import { UsageError } from "../usage-error.ts";

/** One of the formats. */
type Format = (typeof FORMATS)[number];

/** One report to make. */
export interface Output {
  readonly format: Format;
  /** Undefined prints it. */
  readonly path: string | undefined;
}

/** How to print. */
export interface PrintOptions {
  readonly colour: boolean;
  readonly print: (text: string) => void;
}

/** Reads `FORMAT[=PATH]`, given any number of times; none means what people read. Throws a {@link UsageError}. */
export function parseOutputs(values: readonly string[]): readonly Output[] {
  if (values.length === 0) return [{ format: "tty", path: undefined }];
  return values.map((value) => {
    const at = value.indexOf("=");
    const name = at === -1 ? value : value.slice(0, at);
    const format = FORMATS.find((known) => known === name);
    if (format === undefined) {
      throw new UsageError(
        `There is no format "${name}": use ${FORMATS.join(", ")}.${didYouMean(name, FORMATS)}`,
      );
    }
    const path = at === -1 ? undefined : value.slice(at + 1);
    if (path === "") throw new UsageError(`"${value}" names no file: write ${format}=PATH.`);
    return { format, path };
  });
}

/** Prints a report, or writes it: to a file beside the final one that is renamed, so that nobody reads half of it. */
export async function writeReport(
  report: Report,
  output: Output,
  { colour, print }: PrintOptions,
): Promise<void> {
  const text = await FORMATTERS[output.format](report, colour && output.path === undefined);
  if (output.path === undefined) {
    print(text);
    return;
  }
  const temporary = `${output.path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, output.path);
  } catch (error) {
    rmSync(temporary, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The report cannot be written to ${output.path}: ${reason}.`);
  }
}

/** Each format is loaded when it is asked for. */
const FORMATTERS: Readonly<Record<Format, (report: Report, colour: boolean) => Promise<string>>> = {
  tty: async (report, colour) => (await import("../../report/tty.ts")).formatTty(report, { colour }),
  compact: async (report) => (await import("../../report/compact.ts")).formatCompact(report),
  json: async (report) => (await import("../../report/json.ts")).formatJson(report),
  github: async (report) => (await import("../../report/github.ts")).formatGithub(report),
};
