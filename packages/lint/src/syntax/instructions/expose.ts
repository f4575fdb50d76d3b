import type { ExposeInstruction } from "../nodes.ts";
import { checkFlags, needOne } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

export const expose: InstructionReader = {
  form: "blanks",
  read(base, problems): ExposeInstruction {
    needOne(base, problems, "EXPOSE 8080");
    checkFlags(base, problems);
    return { ...base, keyword: "EXPOSE", ports: base.args };
  },
};
