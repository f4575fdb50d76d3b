import { findSeparator, skipSpace } from "../blank.ts";
import type { KnownFlags } from "../flags.ts";
import { readJsonArray } from "../json-array.ts";
import type { HealthcheckInstruction, Word } from "../nodes.ts";
import type { ProblemSink } from "../problem.ts";
import { cut } from "../words.ts";
import { duration } from "./duration.ts";
import { InstructionNode } from "./instruction-node.ts";
import type { NodeSource } from "./instruction-node.ts";
import { checkFlags, needOne, refuse, refuseJson } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

const FLAGS: KnownFlags = {
  interval: "string",
  timeout: "string",
  "start-period": "string",
  "start-interval": "string",
  retries: "string",
};
const DURATIONS: readonly string[] = ["interval", "timeout", "start-period", "start-interval"];
const NANOSECONDS_PER_MILLISECOND = 1e6;

class HealthcheckNode extends InstructionNode implements HealthcheckInstruction {
  readonly keyword = "HEALTHCHECK";
  readonly type: Word | undefined;
  readonly command: readonly Word[];

  constructor(source: NodeSource, read: Command) {
    super(source, read.type ? [read.type, ...read.command] : [], read.json);
    this.type = read.type;
    this.command = read.command;
  }
}

export const healthcheck: InstructionReader = {
  form: "own",
  read(source, problems): HealthcheckInstruction {
    const node = new HealthcheckNode(source, readCommand(source, problems));
    check(node, problems);
    return node;
  },
};

type Command = Pick<HealthcheckInstruction, "type" | "command" | "json">;

function readCommand({ parts, around }: NodeSource, problems: ProblemSink): Command {
  const { logical, restStart: start, restEnd: end } = parts;
  const at = findSeparator(logical.text, start, end);
  if (at === start) return { type: undefined, command: [], json: false };
  const type = cut(logical, start, at);
  const rest = cut(logical, skipSpace(logical.text, at, end), end);
  const elements = readJsonArray(rest);
  if (elements === "not-strings") refuseJson(problems, rest, around.startLine);
  if (Array.isArray(elements)) return { type, command: elements, json: true };
  return { type, command: rest.text === "" ? [] : [rest], json: false };
}

function check(node: HealthcheckInstruction, problems: ProblemSink): void {
  const { type, command } = node;
  needOne(node, problems, "HEALTHCHECK CMD command, or HEALTHCHECK NONE");
  if (!type) return;
  const upper = type.text.toUpperCase();
  if (upper === "NONE") {
    // Flags are not even looked at.
    if (command.length === 0) return;
    const message = "HEALTHCHECK NONE takes no arguments";
    refuse(problems, node, "too-many-arguments", message, "Remove them, or write CMD.", command[0]?.span);
    return;
  }
  checkFlags(node, problems, FLAGS);
  if (upper !== "CMD") {
    const message = `Unknown type ${JSON.stringify(upper)} in HEALTHCHECK (try CMD)`;
    refuse(
      problems,
      node,
      "invalid-argument",
      message,
      "Write HEALTHCHECK CMD before the command.",
      type.span,
    );
  } else if (command.length === 0) {
    const message = "Missing command after HEALTHCHECK CMD";
    refuse(
      problems,
      node,
      "missing-argument",
      message,
      "Write a command that fails if the service is ill.",
      type.span,
    );
  }
  for (const { name, value } of node.flags) {
    if (value === undefined || value.text === "") continue;
    if (DURATIONS.includes(name)) checkDuration(node, problems, name, value);
    else if (name === "retries") checkRetries(node, problems, value);
  }
}

function checkDuration(node: HealthcheckInstruction, problems: ProblemSink, name: string, value: Word): void {
  const nanoseconds = duration(value.text);
  if (nanoseconds === undefined) {
    const message = `time: invalid duration ${JSON.stringify(value.text)}`;
    const advice = "Write a number and a unit, such as 30s or 1m30s; variables are not expanded here.";
    refuse(problems, node, "invalid-flag-value", message, advice, value.span);
  } else if (nanoseconds !== 0 && nanoseconds < NANOSECONDS_PER_MILLISECOND) {
    const message = `Interval ${JSON.stringify(name)} cannot be less than 1ms`;
    refuse(
      problems,
      node,
      "invalid-flag-value",
      message,
      "Write at least 1ms, or 0 for the default.",
      value.span,
    );
  }
}

function checkRetries(node: HealthcheckInstruction, problems: ProblemSink, value: Word): void {
  const count = Number(value.text);
  if (!/^[+-]?\d+$/.test(value.text) || Math.abs(count) > 2 ** 31 - 1) {
    const message = `strconv.ParseInt: parsing ${JSON.stringify(value.text)}: invalid syntax`;
    refuse(problems, node, "invalid-flag-value", message, "Write a whole number.", value.span);
  } else if (count < 0) {
    const message = `--retries cannot be negative (${count})`;
    refuse(
      problems,
      node,
      "invalid-flag-value",
      message,
      "Write 1 or more, or 0 for the default.",
      value.span,
    );
  }
}
