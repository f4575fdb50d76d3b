/** `dflint cache`: which instructions a change runs again, foretold, proved with an engine, and weighed by the history. */
import { withEngine, type EngineRun } from "../../engine/with-engine.ts";
import { formatCacheJson, type CacheReport } from "../../report/cache-report.ts";
import type { RefusedFile } from "../../report/measurement/measurement-json.ts";
import { formatCacheTty } from "../../report/cache-tty.ts";
import type { TtyOptions } from "../../report/formats/tty.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { CACHE_FORMATS } from "../options.ts";
import { UsageError } from "../usage-error.ts";
import { DEFAULT_COMMITS } from "../git/commit-history.ts";
import { askFile, type Question } from "../builds/cache-file.ts";
import { buildInputs, tellProblems } from "../builds/build-inputs.ts";
import { nameOf, refusalOf, tellRefused, titleOf } from "../builds/built-files.ts";
import { describeFailure } from "../builds/describe-failure.ts";
import { askedOutputs, parseOutputs, writeText } from "../reports/outputs.ts";

/** Runs `dflint cache`. It fails for a Dockerfile that does not build, and where engine and forecast disagree. */
export async function cache(options: Options, operands: readonly string[], host: Host): Promise<ExitCode> {
  const question = questionOf(options);
  const asked = askedOutputs(options);
  const outputs = parseOutputs(options.has("json") ? [...asked, "json"] : asked, CACHE_FORMATS);
  const found = await buildInputs(options, operands, host);
  const { inputs, errors } = found;
  const nothing = tellProblems(found, host);
  if (nothing !== undefined) return nothing;
  const reports: CacheReport[] = [];
  const unbuilt: string[] = [];
  const refused: RefusedFile[] = [];
  const askAll = async (run?: EngineRun): Promise<void> => {
    for (const input of inputs) {
      try {
        const report = await askFile(input, { ...question, isOfOne: inputs.length === 1 }, run);
        if ("failure" in report) unbuilt.push(describeFailure(titleOf(input), report.failure));
        else reports.push(report);
      } catch (error) {
        const message = run && refusalOf(error, run.signal);
        if (message === undefined) throw error;
        refused.push({ ...nameOf(input), message });
      }
    }
  };
  if (options.has("prove")) {
    await withEngine({ host: options.text("host"), environment: host.environment }, askAll);
  } else await askAll();
  for (const text of unbuilt) host.err(text);
  tellRefused(refused, host);
  for (const { format, path } of outputs) {
    const make = (tty: TtyOptions): string =>
      format === "json"
        ? formatCacheJson(reports, host.version)
        : reports.map((report) => formatCacheTty(report, tty)).join("\n");
    await writeText(path, make, options, host);
  }
  if (errors.length + refused.length > 0) return EXIT.usage;
  if (unbuilt.length > 0) return EXIT.findings;
  return reports.some(({ proof }) => proof?.agrees === false) ? EXIT.unverified : EXIT.clean;
}

function questionOf(options: Options): Omit<Question, "isOfOne"> {
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
