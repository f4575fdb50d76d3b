/** `dflint measure`: builds Dockerfiles and tells what each line of them costs. */
import type { BuildFailure } from "../../engine/build-image.ts";
import { measure } from "../../engine/measure.ts";
import type { Measurement } from "../../engine/measurement.ts";
import { withEngine } from "../../engine/with-engine.ts";
import { printable } from "../../report/printable.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { wantsAscii, wantsColour, type Host } from "../host.ts";
import { MEASURE_FORMATS } from "../options.ts";
import { UsageError } from "../usage-error.ts";
import { measuredFiles } from "./measured-files.ts";
import { parseOutputs, type Output } from "./outputs.ts";

type Format = (typeof MEASURE_FORMATS)[number];

/** A Dockerfile that does not build. */
export interface Unbuilt extends BuildFailure {
  readonly path: string;
}

/** Runs `dflint measure`. It fails for a budget that is not kept, and for what does not build. */
export async function measureFiles(
  options: Options,
  operands: readonly string[],
  host: Host,
): Promise<ExitCode> {
  const asked = [...(options.list("output") ?? []), ...(options.list("format") ?? [])];
  const outputs = parseOutputs(asked, MEASURE_FORMATS);
  const page = options.text("html");
  const { inputs, errors, warnings, empty } = await measuredFiles(options, operands, host);
  for (const message of [...errors, ...warnings]) host.err(`dflint: ${printable(message)}\n`);
  if (inputs.length === 0) {
    if (errors.length > 0) return EXIT.usage;
    host.err(`dflint: No Dockerfile found in ${printable(empty.join(", "))}.\n`);
    return EXIT.noFiles;
  }
  if (page !== undefined && inputs.length > 1) {
    throw new UsageError(`--html shows one Dockerfile, and ${inputs.length} are named.`);
  }
  const measurements: Measurement[] = [];
  const unbuilt: Unbuilt[] = [];
  // Plain lines of a build's output are no progress bar: who reads a log wants the result.
  const draw = host.showsProgress && !options.has("quiet");
  const connection = { host: options.text("host"), environment: host.environment };
  await withEngine(connection, async (run) => {
    for (const input of inputs) {
      const { measurement, failure } = await measure(run, input, { draw, prove: options.has("prove") });
      if (measurement !== undefined) measurements.push(sorted(measurement, options));
      else unbuilt.push({ ...failure, path: input.path });
    }
  });
  for (const failure of unbuilt) host.err(describeFailure(failure));
  for (const output of outputs) await write(output, measurements, unbuilt, options, host);
  const [only] = measurements;
  if (page !== undefined && only !== undefined) {
    const { htmlReport } = await import("../../report/html/html-report.ts");
    (await import("./report-file.ts")).writeReportFile(page, htmlReport(only));
  }
  if (errors.length > 0) return EXIT.usage;
  const isBroken =
    unbuilt.length > 0 || measurements.some(({ budgets }) => budgets.some(({ kept }) => !kept));
  return isBroken ? EXIT.findings : EXIT.clean;
}

/** `--sort impact` puts what saves the most first; the indexes of fixes follow. */
function sorted(measurement: Measurement, options: Options): Measurement {
  if (options.text("sort") !== "impact") return measurement;
  const order = measurement.findings
    .map((finding, index) => ({ finding, index }))
    .sort(({ finding: { saves: a } }, { finding: { saves: b } }) => {
      const byBytes = (b?.bytes ?? -1) - (a?.bytes ?? -1);
      return byBytes === 0 ? (b?.seconds ?? 0) - (a?.seconds ?? 0) : byBytes;
    });
  const places = new Map(order.map(({ index }, place) => [index, place]));
  const fixes = measurement.fixes
    .map((fix) => ({ ...fix, finding: places.get(fix.finding) ?? fix.finding }))
    .sort((a, b) => a.finding - b.finding);
  return { ...measurement, findings: order.map(({ finding }) => finding), fixes };
}

function describeFailure({ path, message, step, line, log }: Unbuilt): string {
  const place = line === undefined ? path : `${path}:${line}`;
  const at = step === undefined ? "" : `, at ${step}`;
  const tail = log
    .trim()
    .split("\n")
    .slice(-10)
    .filter((one) => one !== "");
  const lines = [`${place}: does not build${at}: ${message}`, ...tail.map((one) => `  ${one}`)];
  return lines.map((one) => `${one.startsWith("  ") ? "" : "dflint: "}${printable(one)}\n`).join("");
}

async function write(
  { format, path }: Output<Format>,
  measurements: readonly Measurement[],
  unbuilt: readonly Unbuilt[],
  options: Options,
  host: Host,
): Promise<void> {
  const tty =
    path === undefined
      ? {
          colour: wantsColour(host, options.has("no-color")),
          columns: host.columns,
          ascii: wantsAscii(host),
        }
      : { colour: false };
  const text = await textOf(format, measurements, unbuilt, tty, host.version);
  if (path === undefined) host.out(text);
  else (await import("./report-file.ts")).writeReportFile(path, text);
}

async function textOf(
  format: Format,
  measurements: readonly Measurement[],
  unbuilt: readonly Unbuilt[],
  tty: { colour: boolean; columns?: number | undefined; ascii?: boolean | undefined },
  version: string,
): Promise<string> {
  if (format === "json") {
    const document = { schemaVersion: 1, tool: { name: "dflint", version }, measurements, unbuilt };
    return `${JSON.stringify(document, undefined, 2)}\n`;
  }
  if (format === "markdown") {
    const { formatMeasurementMarkdown } = await import("../../report/measurement-markdown.ts");
    return measurements.map(formatMeasurementMarkdown).join("\n");
  }
  const { formatMeasurementTty } = await import("../../report/measurement-tty.ts");
  return measurements.map((measurement) => formatMeasurementTty(measurement, tty)).join("\n");
}
