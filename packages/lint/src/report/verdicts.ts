/** What an engine says of fixes, for people. */
import { showBytes } from "../linter/quantity.ts";
import type { ImageDifference, Verification } from "../linter/facts/verification.ts";
import { colours, type Colours } from "./colours.ts";
import { printable } from "./printable.ts";
import { plural, type FileVerdicts, type FixVerdict } from "./report.ts";

/** The differences that are shown of each fix, and the lines of a log. */
const SHOWN = 8;

/** What became of the fixes of a file; the last character is a line break. */
export function formatVerdicts(
  path: string,
  { judged, verification, unwritten = false }: FileVerdicts,
  colour: boolean,
): string {
  const paint = colours(colour);
  const name = paint.bold(printable(path));
  const [first] = judged;
  if (first === undefined) return `${name}: no fix to verify.\n`;
  const unbuilt = judged.find((one) => one.verification.failure?.of === "original")?.verification;
  if (unbuilt !== undefined) {
    return `${[`${name}: ${paint.red("does not build as it is")}, so no fix can be verified.`, ...failureRows(unbuilt, paint)].join("\n")}\n`;
  }
  const kept = judged.filter((one) => one.kept);
  const lost = unwritten ? ` ${paint.red("Not all of it could be written.")}` : "";
  const rows = [`${name}: ${headOf(kept.length, judged.length, verification, paint)}${lost}`];
  for (const one of judged) rows.push(...verdictRows(one, unwritten ? "verifies" : "kept", paint));
  const harmless = verification?.differences.filter((one) => one.harmless !== undefined) ?? [];
  if (harmless.length > 0) {
    const count = verification?.differenceCount ?? 0;
    rows.push(
      `  ${paint.dim(`${plural(count, "difference")} that ${count === 1 ? "does" : "do"} not count:`)}`,
    );
    rows.push(...differenceRows(harmless, count, paint));
  }
  return `${rows.join("\n")}\n`;
}

function headOf(kept: number, all: number, verification: Verification | undefined, paint: Colours): string {
  const source = (verification?.source ?? "") === "" ? "" : paint.dim(` (${verification?.source})`);
  if (verification === undefined) {
    return `${paint.yellow(all === 1 ? "its fix does not verify" : `none of ${all} fixes verifies`)}.`;
  }
  const share = kept === all ? plural(kept, "fix", "fixes") : `${kept} of ${plural(all, "fix", "fixes")}`;
  return `${share} ${kept === 1 ? "verifies" : "verify"}: ${paint.green(verification.verdict)}${saved(verification)}.${source}`;
}

function saved({ bytes }: Verification): string {
  if (bytes === undefined) return "";
  const { before, after } = bytes;
  if (before === after) return `, ${showBytes(before)} as before`;
  const change = `${showBytes(Math.abs(before - after))} ${after < before ? "saved" : "more"}`;
  return `, ${showBytes(before)} → ${showBytes(after)}, ${change}`;
}

function verdictRows(
  { rule, name, title, applicability, kept, verification }: FixVerdict,
  keeping: string,
  paint: Colours,
): string[] {
  const mark = kept ? paint.green(keeping) : paint.yellow("left out");
  const kind = applicability === "safe" ? "" : paint.dim(` (${applicability})`);
  const head = `  ${mark} ${paint.bold(rule)} ${name}${kind}: ${printable(title)}`;
  if (kept) return [head];
  if (verification.failure !== undefined) return [head, ...failureRows(verification, paint)];
  const counting = verification.differences.filter(({ harmless }) => harmless === undefined);
  return [head, ...differenceRows(counting, verification.countingDifferences, paint)];
}

function differenceRows(differences: readonly ImageDifference[], count: number, paint: Colours): string[] {
  const rows = differences.slice(0, SHOWN).map((one) => `    ${describeDifference(one)}`);
  const more = count - rows.length;
  return more > 0 ? [...rows, paint.dim(`    … and ${more} more`)] : rows;
}

/** `/etc/motd changed: mode 0644 → mode 0600`, with the reason why it does not count. */
function describeDifference({ kind, path, change, before, after, harmless }: ImageDifference): string {
  const subject = kind === "config" ? `configuration ${path}` : path;
  const values =
    change === "changed"
      ? `: ${before ?? "nothing"} → ${after ?? "nothing"}`
      : (before ?? after ?? "") === ""
        ? ""
        : `: ${before ?? after}`;
  return printable(`${subject} ${change}${values}${harmless === undefined ? "" : ` (${REASONS[harmless]})`}`);
}

const REASONS: Readonly<Record<NonNullable<ImageDifference["harmless"]>, string>> = {
  cache: "a cache",
  log: "a log",
  temporary: "temporary",
  timestamp: "holds the time",
  unstable: "differs in each build",
  moved: "the same in another place",
};

function failureRows({ failure }: Verification, paint: Colours): string[] {
  if (failure === undefined) return [];
  const { message, step, line, exitCode, log } = failure;
  const facts = [
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
  ];
  const at = step === undefined ? "" : ` at ${step}`;
  const tail = log.split(/\r?\n/).filter((row) => row.trim() !== "");
  return [
    `    ${paint.red("does not build")}${printable(at)}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}: ${printable(message.split("\n")[0] ?? "")}`,
    ...tail.slice(-SHOWN).map((row) => paint.dim(`    | ${printable(row)}`)),
  ];
}
