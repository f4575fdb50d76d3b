import { optionOf, packageCallsOf, type PackageCall } from "../../shell/commands.ts";
import type { Script } from "../../shell/nodes.ts";
import type { RunInstruction } from "../../syntax/nodes.ts";
import type { Stage } from "../model.ts";
import { foldStages, layersFrom } from "../stages/stage-chain.ts";

/** What installed a package. */
export interface Installation {
  readonly call: PackageCall;
  readonly run: RunInstruction;
}

/** Gives the code of a RUN that may call a package manager. */
type ScriptOf = (run: RunInstruction) => Script | undefined;

/**
 * The packages that the RUNs up to a place installed. A stage's own are stacked on those of the stage it is based on. What
 * a RUN installs is worked out when somebody asks, which most files never do.
 */
export class InstalledPackages {
  readonly below: InstalledPackages | undefined;
  readonly #scriptOf: ScriptOf;
  readonly #own = new Map<string, Installation>();
  #unread: RunInstruction[] = [];

  constructor(below: InstalledPackages | undefined, scriptOf: ScriptOf) {
    this.below = below;
    this.#scriptOf = scriptOf;
  }

  /** Adds what a RUN installs, the names of apk's virtual packages included. */
  add(run: RunInstruction): void {
    this.#unread.push(run);
  }

  /** What installed a package first, by the manager of that call. */
  firstInstallation(call: PackageCall, name: string): Installation | undefined {
    const key = keyOf(call, name);
    const layers = layersFrom<InstalledPackages>(this);
    const first = layers.findLast((packages) => packages.#read().has(key));
    return first === undefined ? undefined : first.#own.get(key);
  }

  #read(): ReadonlyMap<string, Installation> {
    for (const run of this.#unread) this.#addFrom(run, this.#scriptOf(run));
    this.#unread = [];
    return this.#own;
  }

  #addFrom(run: RunInstruction, script: Script | undefined): void {
    for (const call of script === undefined ? [] : packageCallsOf(script)) {
      if (call.action !== "install") continue;
      const virtual = call.manager === "apk" ? optionOf(call, "-t", "--virtual")?.value : undefined;
      for (const name of [...call.packages.map((one) => one.name), virtual]) {
        const key = keyOf(call, name ?? "");
        if (name !== undefined && !this.#own.has(key)) this.#own.set(key, { call, run });
      }
    }
  }
}

function keyOf({ manager }: PackageCall, name: string): string {
  return `${manager} ${name}`;
}

const known = new WeakMap<Stage, InstalledPackages>();

/** What the stages installed that a stage is based on. */
export function packagesBelow({ base }: Stage, scriptOf: ScriptOf): InstalledPackages {
  if (base.stage === undefined) return new InstalledPackages(undefined, scriptOf);
  const below = foldStages(base.stage, known, (stage, under) => {
    const packages = new InstalledPackages(under, scriptOf);
    for (const instruction of stage.instructions)
      if (instruction.keyword === "RUN") packages.add(instruction);
    return packages;
  });
  return new InstalledPackages(below, scriptOf);
}
