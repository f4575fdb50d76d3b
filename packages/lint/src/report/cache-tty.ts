/** What a change runs again, for people at a terminal. */
import type { CacheReport, CacheStep } from "./cache-report.ts";
import { colours, type Colours } from "./colours.ts";
import { printable } from "./printable.ts";
import { plural } from "./report.ts";
import type { TtyOptions } from "./formats/tty.ts";

const SHOWN: Readonly<Record<CacheStep["state"], { readonly word: string; readonly paint: keyof Colours }>> =
  {
    runs: { word: "runs", paint: "red" },
    maybe: { word: "may run", paint: "yellow" },
    cached: { word: "cached", paint: "green" },
    none: { word: "no step", paint: "dim" },
    skipped: { word: "not built", paint: "dim" },
  };

/** The whole text. */
export function formatCacheTty(report: CacheReport, { colour, columns = 110 }: TtyOptions): string {
  const paint = colours(colour);
  const parts = [
    ...(report.steps === undefined ? [] : [changed(report, report.steps, paint, columns)]),
    ...(report.proof === undefined ? [] : [proved(report, paint)]),
    ...(report.history === undefined ? [] : [history(titleOf(report), report.history, paint)]),
    report.notes.map((note) => paint.yellow(printable(note))),
  ];
  return parts.flatMap((lines) => (lines.length === 0 ? [] : [`${lines.join("\n")}\n`])).join("\n");
}

function changed(
  report: CacheReport,
  steps: readonly CacheStep[],
  paint: Colours,
  columns: number,
): string[] {
  const { builder, asked, change, otherBuilder } = report;
  const count = (state: CacheStep["state"]): number => steps.filter((step) => step.state === state).length;
  const built = steps.filter(({ state }) => state !== "none" && state !== "skipped").length;
  const open = count("maybe") === 0 ? "" : `, and may run ${count("maybe")} more`;
  const what = [
    ...(asked ?? change?.touched ?? []),
    ...(change?.args ?? []).map((name) => `ARG ${name}`),
    ...(change?.base === true ? ["the base images"] : []),
  ];
  const about =
    what.length > 4 ? `${what.slice(0, 3).join(", ")} and ${what.length - 3} more` : what.join(", ");
  const name = builder === "buildkit" ? "BuildKit" : "the classic builder";
  const head = `${paint.bold(printable(titleOf(report)))}: after a change of ${printable(about)}, ${name} runs ${count("runs")} of ${plural(built, "step")} again${open}`;
  const width = Math.max(...steps.map(({ line }) => String(line).length), 1);
  const room = Math.max(20, Math.min(48, columns - width - 50));
  let stage: number | undefined;
  const rows = steps.flatMap((step): string[] => {
    const title =
      step.stage === stage ? [] : [paint.dim(`stage ${printable(step.stageName ?? String(step.stage))}`)];
    ({ stage } = step);
    return [...title, row(step, width, room, paint)];
  });
  const other = otherBuilder && (otherBuilder.builder === "buildkit" ? "BuildKit" : "The classic builder");
  const differs =
    otherBuilder === undefined
      ? []
      : [
          paint.dim(
            `${other} does otherwise with ${lines(otherBuilder.lines)}: --builder ${otherBuilder.builder}.`,
          ),
        ];
  return [head, ...rows, ...differs];
}

function row(step: CacheStep, width: number, room: number, paint: Colours): string {
  const { word, paint: name } = SHOWN[step.state];
  const text = printable(`${step.trigger ? "(ONBUILD) " : ""}${step.text}`);
  const fitted = text.length > room ? `${text.slice(0, room - 3)}...` : text;
  const measured =
    step.measured === undefined
      ? ""
      : step.agrees === false
        ? paint.red(`, but the engine: ${step.measured.state} (${seconds(step.measured.seconds)})`)
        : `, measured: ${step.measured.state}${step.measured.state === "runs" ? `, ${seconds(step.measured.seconds)}` : ""}`;
  const because = step.because === "" ? "" : `: ${printable(step.because)}`;
  return `${String(step.line).padStart(width)}  ${fitted.padEnd(room)}  ${paint[name](word)}${because}${measured}`;
}

function proved({ proof }: CacheReport, paint: Colours): string[] {
  if (proof === undefined) return [];
  const { engine, agrees, disagreements } = proof;
  const times = `${seconds(proof.seconds)} after the change, ${seconds(proof.warmSeconds)} without one`;
  return agrees
    ? [paint.green(`Proved on engine ${engine}: ${times}.`)]
    : [paint.red(`Engine ${engine} does something else with ${lines(disagreements)}; ${times}.`)];
}

function titleOf({ path, build }: CacheReport): string {
  return build === undefined ? path : `${path} [${build}]`;
}

function history(
  title: string,
  { commits, seconds: now, source, stages, files }: NonNullable<CacheReport["history"]>,
  paint: Colours,
): string[] {
  const often = files.slice(0, 5).map(({ path: file, share }) => `${printable(file)} ${percent(share)}`);
  const head = `${paint.bold(printable(title))}: over ${plural(commits, "commit")}, ${seconds(now)} of steps run again for each (${source})`;
  return [
    head,
    ...(often.length === 0 ? [] : [`Changed most often: ${often.join(", ")}`]),
    ...stages.flatMap((stage) => [
      `Stage ${printable(String(stage.index))} would take ${seconds(stage.after)} instead of ${seconds(stage.before)} in this order:`,
      ...stage.order.map(({ line, text, moved }) => {
        const shown = `  ${line}  ${printable(text.length > 80 ? `${text.slice(0, 77)}...` : text)}`;
        return moved ? paint.cyan(`${shown}  (moved)`) : shown;
      }),
    ]),
    ...(stages.length === 0 ? ["No other order that is certain to build the same would be cheaper."] : []),
  ];
}

function lines(numbers: readonly number[]): string {
  return `${numbers.length === 1 ? "line" : "lines"} ${numbers.join(", ")}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function seconds(count: number): string {
  return `${count.toFixed(count < 10 ? 2 : 1)} s`;
}
