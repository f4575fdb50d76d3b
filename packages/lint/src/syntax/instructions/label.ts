import type { LabelInstruction } from "../nodes.ts";
import { readPairs } from "./key-values.ts";
import { checkFlags } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

export const label: InstructionReader = {
  form: "words",
  read(base, problems): LabelInstruction {
    checkFlags(base, problems);
    return { ...base, keyword: "LABEL", pairs: readPairs(base, problems) };
  },
};
