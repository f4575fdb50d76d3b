import type { RunInstruction } from "../nodes.ts";
import { readMounts } from "../mount.ts";
import { checkFlags, refuse } from "./reader.ts";
import type { InstructionReader } from "./reader.ts";

const NETWORKS: readonly string[] = ["default", "none", "host"];
const SECURITIES: readonly string[] = ["sandbox", "insecure"];

export const run: InstructionReader = {
  form: "command",
  read(base, problems): RunInstruction {
    if (base.flags.length === 0) return { ...base, keyword: "RUN", mounts: [] };
    checkFlags(base, problems, {
      mount: "strings",
      network: "string",
      security: "string",
      device: "strings",
    });
    for (const { name, value } of base.flags) {
      if (value === undefined) continue;
      const allowed = name === "network" ? NETWORKS : name === "security" ? SECURITIES : undefined;
      if (!allowed || allowed.includes(value.text)) continue;
      const shown = JSON.stringify(value.text);
      const message =
        name === "network" ? `invalid network mode: ${shown}` : `security ${shown} is not valid`;
      const advice = `Use one of ${allowed.join(", ")}; variables are not expanded here.`;
      refuse(problems, base, "invalid-flag-value", message, advice, value.span);
    }
    return { ...base, keyword: "RUN", mounts: readMounts(base, problems) };
  },
};
