import type { MaintainerInstruction } from "../nodes.ts";
import { checkFlags, needExactlyOne } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

export const maintainer: InstructionReader = {
  form: "text",
  read(base, problems): MaintainerInstruction {
    needExactlyOne(base, problems, 'LABEL org.opencontainers.image.authors="…" in its place');
    checkFlags(base, problems);
    return { ...base, keyword: "MAINTAINER", author: base.args[0] };
  },
};
