import type { OnbuildInstruction } from "../nodes.ts";
import { checkFlags, refuse } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

/** The instruction inside is read by the parser, which knows all of them, and put in afterwards. */
export const onbuild: InstructionReader = {
  form: "own",
  read(base, problems): OnbuildInstruction {
    const trigger = base.args[0];
    if (!trigger) {
      const message = "ONBUILD requires at least one argument";
      refuse(
        problems,
        base,
        "missing-argument",
        message,
        "Write an instruction after it, or remove the line.",
      );
    } else {
      checkFlags(base, problems);
      const keyword = trigger.text.toUpperCase();
      if (keyword === "ONBUILD") {
        const message = "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
        refuse(problems, base, "invalid-argument", message, "Write ONBUILD once.", trigger.span);
      } else if (keyword === "FROM" || keyword === "MAINTAINER") {
        const message = `${keyword} isn't allowed as an ONBUILD trigger`;
        refuse(
          problems,
          base,
          "invalid-argument",
          message,
          "Write it as an instruction of its own.",
          trigger.span,
        );
      }
    }
    return { ...base, keyword: "ONBUILD", inner: undefined };
  },
};
