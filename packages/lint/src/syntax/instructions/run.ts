import type { KnownFlags } from "../flags.ts";
import { readMounts } from "../mount.ts";
import type { Mount, RunInstruction } from "../nodes.ts";
import type { ProblemSink } from "../problem.ts";
import { InstructionNode } from "./instruction-node.ts";
import type { NodeSource } from "./instruction-node.ts";
import { checkFlags, refuse } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

const NETWORKS: readonly string[] = ["default", "none", "host"];
const SECURITIES: readonly string[] = ["sandbox", "insecure"];
const FLAGS: KnownFlags = { mount: "strings", network: "string", security: "string", device: "strings" };
const NO_MOUNTS: readonly Mount[] = [];

class RunNode extends InstructionNode implements RunInstruction {
  readonly keyword = "RUN";
  readonly mounts: readonly Mount[];

  constructor(source: NodeSource, problems: ProblemSink) {
    super(source);
    if (this.flags.length > 0) checkFlags(this, problems, FLAGS);
    this.mounts = this.flags.length > 0 ? readMounts(this, problems) : NO_MOUNTS;
  }
}

export const run: InstructionReader = {
  form: "command",
  read(source, problems): RunInstruction {
    const node = new RunNode(source, problems);
    if (node.flags.length > 0) check(node, problems);
    return node;
  },
};

function check(node: RunNode, problems: ProblemSink): void {
  for (const { name, value } of node.flags) {
    if (value === undefined) continue;
    const allowed = name === "network" ? NETWORKS : name === "security" ? SECURITIES : undefined;
    if (!allowed || allowed.includes(value.text)) continue;
    const shown = JSON.stringify(value.text);
    const message = name === "network" ? `invalid network mode: ${shown}` : `security ${shown} is not valid`;
    const advice = `Use one of ${allowed.join(", ")}; variables are not expanded here.`;
    refuse(problems, node, "invalid-flag-value", message, advice, value.span);
  }
}
