import type { EntrypointInstruction } from "../nodes.ts";
import { checkFlags } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

export const entrypoint: InstructionReader = {
  form: "command",
  read(base, problems): EntrypointInstruction {
    checkFlags(base, problems);
    return { ...base, keyword: "ENTRYPOINT" };
  },
};
