import { optionOf, packageCallsOf, type PackageCall } from "../../shell/commands.ts";
import type { Script } from "../../shell/nodes.ts";
import type { Instruction, RunInstruction } from "../../syntax/nodes.ts";
import type { Stage } from "../model.ts";
import { foldStages, layersFrom } from "../stages/stage-chain.ts";

/** What installed a package. */
export interface Installation {
  readonly call: PackageCall;
  readonly run: RunInstruction;
}

/** The packages that the RUNs up to a place installed. A stage's own are stacked on those of the stage it is based on. */
export class InstalledPackages {
  readonly below: InstalledPackages | undefined;
  readonly #own = new Map<string, Installation>();

  constructor(below: InstalledPackages | undefined) {
    this.below = below;
  }

  /** Adds what a RUN installs, the names of apk's virtual packages included. */
  add(run: RunInstruction, script: Script): void {
    for (const call of packageCallsOf(script)) {
      if (call.action !== "install") continue;
      const virtual = call.manager === "apk" ? optionOf(call, "-t", "--virtual")?.value : undefined;
      for (const name of [...call.packages.map((one) => one.name), virtual]) {
        const key = keyOf(call, name ?? "");
        if (name !== undefined && !this.#own.has(key)) this.#own.set(key, { call, run });
      }
    }
  }

  /** What installed a package first, by the manager of that call. */
  firstInstallation(call: PackageCall, name: string): Installation | undefined {
    const key = keyOf(call, name);
    const layers = layersFrom<InstalledPackages>(this);
    const first = layers.findLast((packages) => packages.#own.has(key));
    return first === undefined ? undefined : first.#own.get(key);
  }
}

function keyOf({ manager }: PackageCall, name: string): string {
  return `${manager} ${name}`;
}

const known = new WeakMap<Stage, InstalledPackages>();

/** What the stages installed that a stage is based on. */
export function packagesBelow(
  { base }: Stage,
  scriptOf: (run: Instruction) => Script | undefined,
): InstalledPackages {
  if (base.stage === undefined) return new InstalledPackages(undefined);
  const below = foldStages(base.stage, known, (stage, under) => {
    const packages = new InstalledPackages(under);
    for (const instruction of stage.instructions) {
      const script = instruction.keyword === "RUN" ? scriptOf(instruction) : undefined;
      if (instruction.keyword === "RUN" && script !== undefined) packages.add(instruction, script);
    }
    return packages;
  });
  return new InstalledPackages(below);
}
