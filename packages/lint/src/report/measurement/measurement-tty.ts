/** A measurement for people at a terminal. */
import type { Measurement } from "../../engine/measurement.ts";
import { colours, type Colours } from "../colours.ts";
import {
  budgetRows,
  contextRows,
  findingRows,
  instructionRows,
  summaryOf,
  titleOf,
  togetherRow,
  wasteRows,
} from "./measurement-rows.ts";
import { columnsOf, printable } from "../printable.ts";
import type { TtyOptions } from "../formats/tty.ts";

/** Columns where nothing tells them; some terminals say 0. */
const WIDTH = 110;

/** Columns that the text of an instruction takes at least. */
const MIN_TEXT = 20;

/** The whole text. */
export function formatMeasurementTty(
  measurement: Measurement,
  { colour, columns, ascii = false }: TtyOptions,
): string {
  const paint = colours(colour);
  const dots = ascii ? "..." : "…";
  const sections = [
    [`${paint.bold(printable(titleOf(measurement)))}: ${printable(summaryOf(measurement))}`],
    instructionTable(measurement, paint, columns || WIDTH, dots),
    wasteSection(measurement, paint),
    findingSection(measurement, paint, ascii),
    contextSection(measurement, paint),
    budgetRows(measurement).map(({ text, kept }) => (kept ? paint.green(text) : paint.red(text))),
    measurement.notes.map((note) => paint.yellow(printable(note))),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.map((line) => line.trimEnd()).join("\n")}\n`)
    .join("\n");
}

function instructionTable(measurement: Measurement, paint: Colours, columns: number, dots: string): string[] {
  const rows = instructionRows(measurement);
  const head = { line: "line", seconds: "time", bytes: "bytes", entries: "paths" };
  const width = (of: (row: typeof head) => string): number =>
    Math.max(...[head, ...rows].map((row) => columnsOf(of(row))));
  const widths = {
    line: width(({ line }) => line),
    seconds: width(({ seconds }) => seconds),
    bytes: width(({ bytes }) => bytes),
    entries: width(({ entries }) => entries),
  };
  const room = Math.max(
    MIN_TEXT,
    Math.min(70, columns - widths.line - widths.seconds - widths.bytes - widths.entries - 8),
  );
  const line = (row: typeof head, text: string): string =>
    [
      row.line.padStart(widths.line),
      fit(text, room, dots),
      row.seconds.padStart(widths.seconds),
      row.bytes.padStart(widths.bytes),
      row.entries.padStart(widths.entries),
    ].join("  ");
  return [
    paint.dim(line(head, "instruction")),
    ...rows.map((row) => {
      const note = row.note === "" ? "" : `  ${row.note}`;
      return `${line(row, printable(row.text))}${row.wasteful ? paint.yellow(note) : note}`;
    }),
  ];
}

/** A text in exactly so many columns. */
function fit(text: string, room: number, dots: string): string {
  let cut = "";
  let columns = 0;
  for (const character of text) {
    const next = columns + columnsOf(character);
    if (next > room - dots.length && columnsOf(text) > room) {
      cut += dots;
      columns += dots.length;
      break;
    }
    cut += character;
    columns = next;
  }
  return cut + " ".repeat(Math.max(0, room - columns));
}

function wasteSection(measurement: Measurement, paint: Colours): string[] {
  const rows = wasteRows(measurement);
  if (rows.length === 0) return [];
  return [
    paint.bold("Wasted, in the image and seen by no container:"),
    ...rows.map(
      ({ bytes, text, paths }) => `  ${paint.yellow(bytes)} ${text}: ${printable(paths.join(", "))}`,
    ),
  ];
}

function findingSection(measurement: Measurement, paint: Colours, ascii: boolean): string[] {
  const rows = findingRows(measurement);
  if (rows.length === 0) return [];
  const together = togetherRow(measurement);
  return [
    paint.bold("Findings, and what mending them saves:"),
    ...rows.flatMap(({ place, rule, saves, message, evidence, proof }) => {
      const gain = saves === "" ? "" : ` ${paint.green(`saves ${saves}`)}`;
      const verdict = proof === "" ? "" : ` ${paint.cyan(proof)}`;
      return [
        `  ${printable(place)} ${rule}${gain}${verdict}: ${printable(message)}`,
        ...evidence.map((one) => `    ${paint.dim("=")} ${printable(one)}`),
      ];
    }),
    ...(together === "" ? [] : [`  ${paint.bold(ascii ? together.replace("→", "->") : together)}`]),
  ];
}

function contextSection(measurement: Measurement, paint: Colours): string[] {
  const { context } = measurement;
  if (context === undefined) return [];
  const { summary, unused, lines } = contextRows(measurement);
  return [
    `${paint.bold(`Context ${printable(context.path)}`)}: ${summary}.`,
    ...(unused.length === 0 ? [] : ["  Never taken:", ...unused.map((one) => `    ${printable(one)}`)]),
    ...(lines.length === 0
      ? []
      : [
          `  These lines at the end of ${printable(context.ignoreFile)} keep it out:`,
          ...lines.map((one) => `    ${printable(one)}`),
        ]),
  ];
}
