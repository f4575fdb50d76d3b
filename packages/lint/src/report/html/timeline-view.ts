/** When each step of the build ran: steps above each other on one axis of time. */
import type { MeasuredInstruction, MeasuredStep, Measurement } from "../../engine/measurement.ts";
import { key } from "./bar.ts";
import { brief, html, type Markup } from "./markup.ts";
import { isShown, linkKey, toLines } from "./places.ts";
import { share, showCount, showNumber, showSeconds } from "../../linter/quantity.ts";
import { length } from "./length.ts";

interface Row {
  readonly instruction: MeasuredInstruction;
  readonly step: MeasuredStep;
}

const MOST_ROWS = 60;

/** The steps in the order in which they began; empty where the builder told of none. */
export function timelineView({ instructions, build }: Measurement): Markup {
  const rows = instructions
    .flatMap((instruction): Row[] =>
      instruction.step === undefined ? [] : [{ instruction, step: instruction.step }],
    )
    .sort((a, b) => a.step.started - b.step.started);
  if (rows.length === 0) return html`<p>The builder told of no steps.</p>`;
  const end = rows.reduce((last, { step }) => Math.max(last, step.completed), 0);
  const shown = longest(rows);
  const rest = rows.filter((row) => !shown.has(row));
  const ticks = ticksUpTo(end);
  return html`<p class="lead">
      ${build.cachedSteps === build.steps ? "Every step came from the cache." : html`${showCount(build.steps, "step")}, ${showNumber(build.cachedSteps)} of them from the cache; ${showSeconds(build.stepSeconds)} of work in ${showSeconds(build.seconds)}.`}
    </p>
    <div class="timeline">
      <div class="axis" aria-hidden="true"><svg>${ticks.map((tick) => tickView(tick, end))}</svg></div>
      <ol>
        ${rows.filter((row) => shown.has(row)).map((row) => rowView(row, end, ticks))}
      </ol>
    </div>
    ${key([
      { name: "shipped", text: "for the image" },
      { name: "unshipped", text: "for a stage that is left behind" },
      { name: "cached", text: "from the cache" },
    ])}
    ${rest.length > 0 && html`<p class="more">${rest.filter(({ instruction }) => isShown(instruction)).map(({ instruction }) => html`<span id="step-${instruction.index}"></span>`)}and ${showCount(rest.length, "more step")}, ${showSeconds(rest.reduce((sum, { step }) => sum + step.seconds, 0))} together</p>`}`;
}

function longest(rows: readonly Row[]): ReadonlySet<Row> {
  return new Set([...rows].sort((a, b) => b.step.seconds - a.step.seconds).slice(0, MOST_ROWS));
}

/** Paces of an axis that are round in minutes and hours. */
const LONG_PACES = [10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** Round times from zero to the end, four or so. */
function ticksUpTo(end: number): number[] {
  if (!(end > 0) || !Number.isFinite(end)) return [0];
  const rough = end / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const paces = rough <= 5 || rough > 3600 ? [1, 2, 5, 10].map((factor) => factor * power) : LONG_PACES;
  const pace = paces.find((one) => one >= rough) ?? rough;
  return Array.from({ length: Math.floor(end / pace) + 1 }, (_, at) => at * pace);
}

function tickView(tick: number, end: number): Markup {
  const x = length(share(tick, end) * 100);
  // A label at the right edge would be cut off.
  const anchor = tick === 0 ? "start" : tick > end * 0.92 ? "end" : "middle";
  return html`<text x="${x}%" y="12" text-anchor="${anchor}">${tick === 0 ? "0" : tickLabel(tick)}</text>`;
}

function tickLabel(tick: number): string {
  return tick >= 60 ? showSeconds(tick) : `${Number(tick.toPrecision(3))} s`;
}

function rowView({ instruction, step }: Row, end: number, ticks: readonly number[]): Markup {
  const from = share(step.started, end) * 100;
  const width = Math.max(0, share(step.completed, end) * 100 - from);
  const name = step.cached ? "cached" : instruction.shipped ? "shipped" : "unshipped";
  return html`<li id="step-${instruction.index}" ${linkKey(instruction)}>
    <span class="label"
      >${toLines(instruction, html`<b>${instruction.range.start.line}</b> ${brief(instruction.text, 80)}`)}</span
    >
    <svg class="track" aria-hidden="true">
      ${ticks.map((tick) => html`<line x1="${length(share(tick, end) * 100)}%" x2="${length(share(tick, end) * 100)}%" y2="100%" />`)}
      <rect
        class="${name}"
        x="${length(Math.min(from, 99.4))}%"
        width="${length(Math.max(width, 0.6))}%"
        y="20%"
        height="60%"
        rx="2"
      />
    </svg>
    <span class="time">${step.cached ? "cached" : showSeconds(step.seconds)}</span>
  </li>`;
}
