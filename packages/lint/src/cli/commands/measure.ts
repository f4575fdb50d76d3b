/** `dflint measure`: builds Dockerfiles and tells what each line of them costs. */
import { measure } from "../../engine/measure/measure.ts";
import type { Measurement } from "../../engine/measurement.ts";
import { withEngine } from "../../engine/with-engine.ts";
import type { Measured, RefusedFile, UnbuiltFile } from "../../report/measurement/measurement-json.ts";
import type { TtyOptions } from "../../report/formats/tty.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { MEASURE_FORMATS } from "../options.ts";
import { UsageError } from "../usage-error.ts";
import { buildInputs, tellProblems } from "../builds/build-inputs.ts";
import { nameOf, refusalOf, tellRefused, titleOf } from "../builds/built-files.ts";
import { describeFailure } from "../builds/describe-failure.ts";
import { askedOutputs, parseOutputs, writeText } from "../reports/outputs.ts";

type Format = (typeof MEASURE_FORMATS)[number];

/** Runs `dflint measure`. It fails for a budget that is not kept, and for what does not build. */
export async function measureFiles(
  options: Options,
  operands: readonly string[],
  host: Host,
): Promise<ExitCode> {
  const page = options.text("html");
  const asked = askedOutputs(options);
  const isPagePrinted = page === "-";
  const outputs = isPagePrinted && asked.length === 0 ? [] : parseOutputs(asked, MEASURE_FORMATS);
  const printed = outputs.find(({ path }) => path === undefined);
  if (isPagePrinted && printed !== undefined) {
    throw new UsageError(
      `--html - and the format ${printed.format} cannot both be printed; write one to a file.`,
    );
  }
  const found = await buildInputs(options, operands, host);
  const { inputs, errors } = found;
  const nothing = tellProblems(found, host);
  if (nothing !== undefined) return nothing;
  if (page !== undefined && inputs.length > 1) {
    throw new UsageError(`--html shows one Dockerfile, and ${inputs.length} are named.`);
  }
  const measurements: Measurement[] = [];
  const unbuilt: UnbuiltFile[] = [];
  const refused: RefusedFile[] = [];
  // Plain lines of a build's output are no progress bar: who reads a log wants the result.
  const draw = host.showsProgress && !options.has("quiet");
  const connection = { host: options.text("host"), environment: host.environment };
  await withEngine(connection, async (run) => {
    for (const input of inputs) {
      try {
        const { measurement, failure } = await measure(run, input, { draw, prove: options.has("prove") });
        if (measurement !== undefined) measurements.push(sorted(measurement, options));
        else unbuilt.push({ ...failure, ...nameOf(input) });
      } catch (error) {
        const message = refusalOf(error, run.signal);
        if (message === undefined) throw error;
        refused.push({ ...nameOf(input), message });
      }
    }
  });
  tellRefused(refused, host);
  for (const failure of unbuilt) host.err(describeFailure(titleOf(failure), failure));
  for (const { format, path } of outputs) {
    await writeText(
      path,
      (tty) => textOf(format, { measurements, unbuilt, refused }, tty, host.version),
      options,
      host,
    );
  }
  const [only] = measurements;
  if (page !== undefined && only !== undefined) {
    const { htmlReport } = await import("../../report/html/html-report.ts");
    if (isPagePrinted) host.out(htmlReport(only));
    else (await import("../reports/report-file.ts")).writeReportFile(page, htmlReport(only));
  }
  if (errors.length + refused.length > 0) return EXIT.usage;
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

async function textOf(format: Format, measured: Measured, tty: TtyOptions, version: string): Promise<string> {
  const { measurements } = measured;
  if (format === "json") {
    const { formatMeasurementJson } = await import("../../report/measurement/measurement-json.ts");
    return formatMeasurementJson(measured, version);
  }
  if (format === "markdown") {
    const { formatMeasurementMarkdown } = await import("../../report/measurement/measurement-markdown.ts");
    return measurements.map(formatMeasurementMarkdown).join("\n");
  }
  const { formatMeasurementTty } = await import("../../report/measurement/measurement-tty.ts");
  return measurements.map((measurement) => formatMeasurementTty(measurement, tty)).join("\n");
}
