import type { WorkdirInstruction } from "../nodes.ts";
import { checkFlags, needExactlyOne } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

export const workdir: InstructionReader = {
  form: "text",
  read(base, problems): WorkdirInstruction {
    needExactlyOne(base, problems, "WORKDIR /path");
    checkFlags(base, problems);
    return { ...base, keyword: "WORKDIR", path: base.args[0] };
  },
};
