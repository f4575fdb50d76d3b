/** `dflint cache`: which instructions a change runs again, foretold, proved with an engine, and weighed by the history. */
import type { BuildFailure } from "../../engine/build-image.ts";
import { withEngine, type EngineRun } from "../../engine/with-engine.ts";
import { formatCacheJson, type CacheReport } from "../../report/cache-report.ts";
import { formatCacheTty } from "../../report/cache-tty.ts";
import { printable } from "../../report/printable.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { wantsAscii, wantsColour, type Host } from "../host.ts";
import { CACHE_FORMATS } from "../options.ts";
import { UsageError } from "../usage-error.ts";
import { DEFAULT_COMMITS } from "./commit-history.ts";
import { askFile, type Question } from "./cache-file.ts";
import { measuredFiles } from "./measured-files.ts";
import { parseOutputs } from "./outputs.ts";

/** Runs `dflint cache`. It fails for a Dockerfile that does not build, and where engine and forecast disagree. */
export async function cache(options: Options, operands: readonly string[], host: Host): Promise<ExitCode> {
  const question = questionOf(options);
  const asked = [...(options.list("output") ?? []), ...(options.list("format") ?? [])];
  const outputs = parseOutputs(options.has("json") ? [...asked, "json"] : asked, CACHE_FORMATS);
  const { inputs, errors, warnings } = await measuredFiles(options, operands, host);
  for (const message of [...errors, ...warnings]) host.err(`dflint: ${printable(message)}\n`);
  if (inputs.length === 0) return errors.length > 0 ? EXIT.usage : EXIT.noFiles;
  const reports: CacheReport[] = [];
  const unbuilt: string[] = [];
  const askAll = async (run?: EngineRun): Promise<void> => {
    for (const input of inputs) {
      const report = await askFile(input, question, run);
      if ("failure" in report) unbuilt.push(describeFailure(input.path, report.failure));
      else reports.push(report);
    }
  };
  if (options.has("prove")) {
    await withEngine({ host: options.text("host"), environment: host.environment }, askAll);
  } else await askAll();
  for (const text of unbuilt) host.err(text);
  for (const { format, path } of outputs) {
    const tty =
      path === undefined
        ? {
            colour: wantsColour(host, options.has("no-color")),
            columns: host.columns,
            ascii: wantsAscii(host),
          }
        : { colour: false };
    const text =
      format === "json"
        ? formatCacheJson(reports, host.version)
        : reports.map((report) => formatCacheTty(report, tty)).join("\n");
    if (path === undefined) host.out(text);
    else (await import("./report-file.ts")).writeReportFile(path, text);
  }
  if (errors.length > 0) return EXIT.usage;
  if (unbuilt.length > 0) return EXIT.findings;
  return reports.some(({ proof }) => proof?.agrees === false) ? EXIT.unverified : EXIT.clean;
}

function questionOf(options: Options): Question {
  const touched = options.list("touch") ?? [];
  const args = new Map(
    (options.list("change-arg") ?? []).map((pair): [string, string | undefined] => {
      const at = pair.indexOf("=");
      if (at === 0 || pair === "")
        throw new UsageError(`--change-arg takes NAME or NAME=VALUE, not "${pair}".`);
      return at === -1 ? [pair, undefined] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  const base = options.has("change-base");
  const history = options.has("history");
  if (touched.length === 0 && args.size === 0 && !base && !history) {
    throw new UsageError(
      "Say what changes: --touch PATH, --change-arg NAME or --change-base; or ask for the --history.",
    );
  }
  if (base && options.has("prove")) {
    throw new UsageError("--prove cannot change base images; leave --change-base out.");
  }
  const commits = options.count("commits") ?? DEFAULT_COMMITS;
  if (commits === 0) throw new UsageError("--commits takes a number above 0.");
  const builder = (options.text("builder") ?? "auto") as Question["builder"]; // one of the table's values
  return { touched, args, base, builder, commits: history ? commits : undefined };
}

function describeFailure(path: string, { message, step, line, log }: BuildFailure): string {
  const place = line === undefined ? path : `${path}:${line}`;
  const at = step === undefined ? "" : `, at ${step}`;
  const tail = log.trim().split("\n").slice(-10);
  return [
    `dflint: ${place}: does not build${at}: ${message}`,
    ...tail.filter((one) => one !== "").map((one) => `  ${one}`),
  ]
    .map((one) => `${printable(one)}\n`)
    .join("");
}
