import type { CmdInstruction } from "../nodes.ts";
import { checkFlags } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

export const cmd: InstructionReader = {
  form: "command",
  read(base, problems): CmdInstruction {
    checkFlags(base, problems);
    return { ...base, keyword: "CMD" };
  },
};
