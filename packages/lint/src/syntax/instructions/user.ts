import type { UserInstruction } from "../nodes.ts";
import { checkFlags, needExactlyOne } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

export const user: InstructionReader = {
  form: "text",
  read(base, problems): UserInstruction {
    needExactlyOne(base, problems, "USER name or USER uid:gid");
    checkFlags(base, problems);
    return { ...base, keyword: "USER", user: base.args[0] };
  },
};
