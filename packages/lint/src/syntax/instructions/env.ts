import type { EnvInstruction } from "../nodes.ts";
import { readPairs } from "./key-values.ts";
import { checkFlags } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

export const env: InstructionReader = {
  form: "words",
  read(base, problems): EnvInstruction {
    checkFlags(base, problems);
    return { ...base, keyword: "ENV", pairs: readPairs(base, problems) };
  },
};
