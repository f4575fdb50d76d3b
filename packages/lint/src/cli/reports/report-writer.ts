/** The reports of one run on their way: what can be said of a file is said at once, so that not all files are held. */
import type { FileReport, ReportStream, RunReport } from "../../report/report.ts";
import type { Options } from "../arguments.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { ttyOptions, writeText, type Output } from "./outputs.ts";
import { formatReport, isStreamFormat, keptReport, openStream, type Format } from "./report-formats.ts";

/** How much is gathered of a text before it goes on: short ones are printed after all that is to be warned of. */
const AT_ONCE = 2 ** 20;

/** How to write reports. */
export interface ReportWriterOptions {
  readonly outputs: readonly Output<Format>[];
  readonly options: Options;
  readonly host: Host;
  /** Whether something else is to be printed before them, which is known at the end. */
  readonly waits: boolean;
}

/** Writes all reports of a run. */
export class ReportWriter {
  readonly #request: ReportWriterOptions;
  readonly #streams: readonly StreamedReport[];
  /** For the formats of all files. */
  readonly #files: FileReport[] = [];

  private constructor(request: ReportWriterOptions, streams: readonly StreamedReport[]) {
    this.#request = request;
    this.#streams = streams;
  }

  /** Loads what the outputs need. */
  static async open(request: ReportWriterOptions): Promise<ReportWriter> {
    const { outputs, options, host, waits } = request;
    const streams: StreamedReport[] = [];
    // What is printed after another report comes once that is whole.
    const first = outputs.findIndex(({ path }) => path === undefined);
    for (const [index, { format, path }] of outputs.entries()) {
      if (!isStreamFormat(format)) continue;
      const stream = await openStream(format, ttyOptions(path, options, host));
      streams.push(new StreamedReport(stream, path, index === first && !waits ? host.out : undefined));
    }
    return new ReportWriter(request, streams);
  }

  /** Takes the report of the next file. */
  take(file: FileReport): void {
    for (const stream of this.#streams) stream.take(file);
    if (this.#streams.length < this.#request.outputs.length) this.#files.push(keptReport(file));
  }

  /** Writes the rest of all reports, also when one of them cannot be written. Throws a {@link UsageError}. */
  async finish(run: RunReport): Promise<void> {
    const { outputs, options, host } = this.#request;
    const streams = this.#streams.values();
    const failures: UsageError[] = [];
    for (const { format, path } of outputs) {
      try {
        if (isStreamFormat(format)) await streams.next().value?.finish(run, host);
        else await writeText(path, () => formatReport(format, { ...run, files: this.#files }), options, host);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new UsageError(failures.map(({ message }) => message).join("\n"));
  }
}

/** One report that is made file by file. */
class StreamedReport {
  readonly #stream: ReportStream;
  readonly #path: string | undefined;
  /** What prints a part of it; undefined keeps all parts to the end. */
  readonly #print: ((text: string) => void) | undefined;
  #gathered = "";
  /** Bytes, since parts of other texts would keep those. */
  readonly #kept: Buffer[] = [];

  constructor(stream: ReportStream, path: string | undefined, print: ((text: string) => void) | undefined) {
    this.#stream = stream;
    this.#path = path;
    this.#print = print;
  }

  take(file: FileReport): void {
    for (const piece of this.#stream.file(file)) {
      this.#gathered += piece;
      if (this.#gathered.length >= AT_ONCE) this.#pass();
    }
  }

  async finish(run: RunReport, host: Host): Promise<void> {
    this.#gathered += this.#stream.end(run);
    this.#pass();
    if (this.#path !== undefined) {
      const { writeReportFile } = await import("./report-file.ts");
      writeReportFile(this.#path, Buffer.concat(this.#kept));
    } else for (const bytes of this.#kept) host.out(bytes.toString());
  }

  #pass(): void {
    if (this.#print === undefined) this.#kept.push(Buffer.from(this.#gathered));
    else this.#print(this.#gathered);
    this.#gathered = "";
  }
}
