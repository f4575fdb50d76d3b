import type { ShellInstruction } from "../nodes.ts";
import { checkFlags, needOne, refuse } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

export const shell: InstructionReader = {
  form: "command",
  read(base, problems): ShellInstruction {
    checkFlags(base, problems);
    needOne(base, problems, 'SHELL ["/bin/bash", "-c"]');
    if (base.args.length > 0 && !base.json) {
      const words = base.rest.text.split(/\s+/).map((word) => JSON.stringify(word));
      const message = "SHELL requires the arguments to be in JSON form";
      refuse(
        problems,
        base,
        "invalid-argument",
        message,
        `Write SHELL [${words.join(", ")}].`,
        base.rest.span,
      );
    }
    return { ...base, keyword: "SHELL" };
  },
};
