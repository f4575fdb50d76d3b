/** A measurement as Markdown, for the summary of a pipeline or a comment in a review. */
import type { Measurement } from "../../engine/measurement.ts";
import { inline } from "../formats/markdown.ts";
import {
  titleOf,
  budgetRows,
  contextRows,
  findingRows,
  instructionRows,
  summaryOf,
  togetherRow,
  wasteRows,
} from "./measurement-rows.ts";

/** The whole text. */
export function formatMeasurementMarkdown(measurement: Measurement): string {
  const { summary, unused, lines } = contextRows(measurement);
  const sections = [
    [`## ${inline(titleOf(measurement))}`],
    [inline(summaryOf(measurement))],
    list(budgetRows(measurement).map(({ text, kept }) => `${kept ? "✅" : "❌"} ${inline(text)}`)),
    table(
      ["Line", "Instruction", "Time", "Bytes", "Paths", ""],
      instructionRows(measurement).map(({ line, text, seconds, bytes, entries, note }) => [
        line,
        inline(text.length > 100 ? `${text.slice(0, 99)}…` : text),
        seconds,
        bytes,
        entries,
        inline(note),
      ]),
    ),
    titled(
      "Wasted",
      list(
        wasteRows(measurement).map(
          ({ bytes, text, paths }) => `${bytes} ${inline(text)}: ${inline(paths.join(", "))}`,
        ),
      ),
    ),
    titled(
      "Findings",
      table(
        ["Place", "Rule", "Saves", "Proof", "Finding"],
        findingRows(measurement).map(({ place, rule, saves, proof, message }) => [
          inline(place),
          rule,
          inline(saves),
          proof,
          inline(message),
        ]),
      ),
    ),
    togetherRow(measurement) === "" ? [] : [inline(togetherRow(measurement))],
    titled("Context", summary === "" ? [] : [`${inline(summary)}.`, "", ...list(unused.map(inline))]),
    lines.length === 0
      ? []
      : [`To be added to ${inline(measurement.context?.ignoreFile ?? "")}:`, "", ...fence(lines)],
    list(measurement.notes.map(inline)),
  ];
  return `${sections
    .filter((rows) => rows.length > 0)
    .map((rows) => rows.join("\n").trimEnd())
    .join("\n\n")}\n`;
}

function titled(title: string, rows: readonly string[]): readonly string[] {
  return rows.length === 0 ? [] : [`### ${title}`, "", ...rows];
}

function list(items: readonly string[]): readonly string[] {
  return items.map((item) => `- ${item}`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** Lines as they are, in a fence that none of them ends. */
function fence(lines: readonly string[]): readonly string[] {
  const longest = Math.max(2, ...lines.map((one) => /^`*/.exec(one.trimStart())?.[0].length ?? 0));
  const ticks = "`".repeat(longest + 1);
  return [ticks, ...lines, ticks];
}
