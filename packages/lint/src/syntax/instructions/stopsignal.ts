import type { StopsignalInstruction } from "../nodes.ts";
import { needExactlyOne } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

/** BuildKit takes any flag here, and drops it. */
export const stopsignal: InstructionReader = {
  form: "text",
  read(base, problems): StopsignalInstruction {
    needExactlyOne(base, problems, "STOPSIGNAL SIGTERM");
    return { ...base, keyword: "STOPSIGNAL", signal: base.args[0] };
  },
};
