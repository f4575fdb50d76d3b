/**
 * Writes the reports of the SDK's public names, packages/sdk/api/*.api.md: what a change of them looks like is then
 * seen in review. Fails on a name without documentation; fields of the engine's own models are documented by the
 * API reference. With `--check` nothing is written.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
  type IConfigFile,
} from "@microsoft/api-extractor";

const sdk = join(import.meta.dirname, "../../sdk");
const check = process.argv.includes("--check");

/** Each import path of the package: its report and its declarations. */
const entries = [
  { report: "sdk.api.md", declarations: ".tsc/src/index.d.ts" },
  { report: "dockerignore.api.md", declarations: ".tsc/src/build-context/dockerignore.d.ts" },
  { report: "credentials.api.md", declarations: ".tsc/src/auth/docker-config.d.ts" },
];

// What it finds wrong with the sources is for the check of types to say.
spawnSync("tsc", ["-b", sdk], { stdio: "ignore" });
mkdirSync(join(sdk, "api"), { recursive: true });
const scratch = mkdtempSync(join(tmpdir(), "api-"));
const faults: string[] = [];
for (const { report, declarations } of entries) {
  const configObject: IConfigFile = {
    projectFolder: sdk,
    mainEntryPointFilePath: join(sdk, declarations),
    compiler: {
      overrideTsconfig: {
        compilerOptions: {
          target: "es2023",
          lib: ["es2023", "esnext.disposable"],
          module: "nodenext",
          types: ["node"],
          strict: true,
          skipLibCheck: true,
          allowImportingTsExtensions: true,
          noEmit: true,
        },
        files: [declarations],
      },
    },
    apiReport: {
      enabled: true,
      reportFileName: report,
      reportFolder: join(sdk, "api"),
      reportTempFolder: scratch,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    newlineKind: "lf",
    messages: {
      extractorMessageReporting: {
        default: { logLevel: ExtractorLogLevel.None, addToApiReportFile: false },
        "ae-forgotten-export": { logLevel: ExtractorLogLevel.None, addToApiReportFile: true },
        "ae-undocumented": { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: false },
      },
      tsdocMessageReporting: {
        default: { logLevel: ExtractorLogLevel.None, addToApiReportFile: false },
      },
    },
  };
  const config = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: undefined,
    packageJsonFullPath: join(sdk, "package.json"),
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: !check,
    messageCallback: (message) => {
      const fault = faultOf(message);
      if (fault !== undefined) faults.push(fault);
      message.handled = true;
    },
  });
  if (check && apiReportChanged) faults.push(`packages/sdk/api/${report} is stale: run npm run generate.`);
}
rmSync(scratch, { recursive: true });

if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exitCode = 1;
}

function faultOf({
  messageId,
  logLevel,
  sourceFilePath = "",
  sourceFileLine,
  text,
}: ExtractorMessage): string | undefined {
  const place = `${relative(sdk, sourceFilePath)}:${sourceFileLine ?? 0}`;
  if (messageId === "ae-undocumented")
    return isDocumentedElsewhere(place, text) ? undefined : `${place} ${text}`;
  return logLevel === ExtractorLogLevel.Error ? `${place} ${text}` : undefined;
}

function isDocumentedElsewhere(place: string, text: string): boolean {
  // The API reference has the engine's models; what Symbol.asyncIterator and the like do is the language's.
  if (place.includes("generated/") || text.includes("[Symbol.")) return true;
  // Every error narrows these two of DockerError.
  return place.includes("src/errors") && /"(name|code)"/.test(text);
}
