/** Where reports go: printed, or written to files. */
import { resolve } from "node:path";
import { didYouMean } from "../../linter/nearest.ts";
import type { TtyOptions } from "../../report/formats/tty.ts";
import type { Options } from "../arguments.ts";
import { wantsAscii, wantsColour, type Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";

/** One report to make. */
export interface Output<Name extends string> {
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

/** Prints a text, or writes it to a file. Throws a {@link UsageError}. */
export async function writeText(
  path: string | undefined,
  make: (tty: TtyOptions) => string | Promise<string>,
  options: Options,
  host: Host,
): Promise<void> {
  const text = await make(ttyOptions(path, options, host));
  if (path === undefined) host.out(text);
  else (await import("./report-file.ts")).writeReportFile(path, text);
}

/** How a text is drawn: a file has neither colours nor a width. */
export function ttyOptions(path: string | undefined, options: Options, host: Host): TtyOptions {
  if (path !== undefined) return { colour: false };
  const colour = wantsColour(host, options.has("no-color"));
  return { colour, columns: host.columns, ascii: wantsAscii(host) };
}
