import type { FromInstruction } from "../nodes.ts";
import { cover } from "../../source/span.ts";
import { checkFlags, refuse } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

const STAGE_NAME = /^[a-z][a-z0-9\-_.]*$/;

export const from: InstructionReader = {
  form: "blanks",
  read(base, problems): FromInstruction {
    checkFlags(base, problems, { platform: "string" });
    const [image, keyword, name] = base.args;
    const isAs = keyword?.text.toLowerCase() === "as";
    const as = keyword && name && isAs ? { keyword, name } : undefined;
    if (base.args.length === 3 && as) {
      if (!STAGE_NAME.test(as.name.text.toLowerCase())) {
        refuse(
          problems,
          base,
          "invalid-argument",
          `invalid name for build stage: ${JSON.stringify(as.name.text)}, name can't start with a number or contain symbols`,
          "Begin the name with a letter, and go on with letters, digits, '-', '_' and '.'.",
          as.name.span,
        );
      }
    } else if (base.args.length !== 1) {
      refuseCount(base, problems);
    }
    return { ...base, keyword: "FROM", image, as };
  },
};

function refuseCount(...[base, problems]: Parameters<InstructionReader["read"]>): void {
  const message = "FROM requires either one or three arguments";
  const [, second] = base.args;
  const last = base.args.at(-1);
  if (!second || !last) {
    const code = base.args.length === 0 ? "missing-argument" : "invalid-argument";
    refuse(problems, base, code, message, "Write FROM image, or FROM image AS name.");
    return;
  }
  const comment = second.text.startsWith("#");
  const advice = comment
    ? "Move the comment to a line of its own: a # later in a line is no comment."
    : "Write FROM image, or FROM image AS name.";
  refuse(problems, base, "too-many-arguments", message, advice, cover(second.span, last.span));
}
