import { fitted } from "../source/fitted.ts";
import type { Span } from "../source/span.ts";
import { refuse } from "./instructions/reader.ts";
import type { Flag, InstructionBase, Mount, MountOption } from "./nodes.ts";
import type { ProblemSink } from "./problem.ts";
import type { Word } from "./word.ts";

/** The `--mount` flags of a RUN, taken apart. */
export function readMounts(base: InstructionBase, problems: ProblemSink): readonly Mount[] {
  const mounts: Mount[] = [];
  for (const flag of base.flags) {
    if (flag.name !== "mount" || !flag.value) continue;
    const fields = csvFields(flag.value);
    if ("error" in fields) {
      const message = `failed to parse csv mounts: ${fields.error}`;
      refuse(problems, base, "invalid-flag-value", message, "Mend the quotes.", flag.value.span);
    }
    const options = ("error" in fields ? fields.read : fields).map(optionOf);
    const from = options.find((option) => option.key === "from")?.value;
    const dollar = from ? from.text.indexOf("$") : -1;
    if (from && dollar !== -1 && dollar !== from.text.length - 1) {
      const message = "'from' doesn't support variable expansion, define alias stage instead";
      const advice = `Write FROM ${from.text} AS name, and from=name here.`;
      refuse(problems, base, "invalid-flag-value", message, advice, from.span);
    }
    mounts.push(mountOf(flag, options));
  }
  return fitted(mounts);
}

function mountOf(flag: Flag, options: readonly MountOption[]): Mount {
  let type = "bind";
  for (const option of options) if (option.key === "type") type = option.value?.text ?? type;
  return { flag, type: type.toLowerCase(), options };
}

function optionOf(field: Word): MountOption {
  const equals = field.text.indexOf("=");
  const span: Span = field.span;
  if (equals === -1) return { key: field.text.toLowerCase(), value: undefined, span };
  return { key: field.text.slice(0, equals).toLowerCase(), value: field.slice(equals + 1), span };
}

type Fields = Word[] | { readonly error: string; readonly read: Word[] };

/** Splits at commas; a field may stand in double quotes as a whole. */
function csvFields(value: Word): Fields {
  const { text } = value;
  const fields: Word[] = [];
  let at = 0;
  while (at <= text.length) {
    if (text[at] !== '"') {
      const comma = text.indexOf(",", at);
      const end = comma === -1 ? text.length : comma;
      const field = value.slice(at, end);
      if (field.text.includes('"')) return { error: 'bare " in non-quoted field', read: [...fields, field] };
      fields.push(field);
      at = end + 1;
      continue;
    }
    const close = closingQuote(text, at + 1);
    if (close === -1) return { error: 'extraneous or missing " in quoted field', read: fields };
    fields.push(value.slice(at + 1, close));
    if (close + 1 < text.length && text[close + 1] !== ",") {
      return { error: 'extraneous or missing " in quoted field', read: fields };
    }
    at = close + 2;
  }
  return fields;
}

function closingQuote(text: string, start: number): number {
  let at = text.indexOf('"', start);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}
