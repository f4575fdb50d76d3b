/** Goes along one stage, from what the stage below hands on to what others take of it. */
import type { Base, Stage } from "../semantics/model.ts";
import { triggersOf } from "../semantics/stages/onbuild-triggers.ts";
import { cleanContextPath } from "../semantics/paths/taken-paths.ts";
import { absolutePath } from "../semantics/paths/absolute-path.ts";
import { flagNamed } from "../syntax/nodes.ts";
import type {
  AddInstruction,
  CopyInstruction,
  Instruction,
  MountOption,
  RunInstruction,
  WorkdirInstruction,
} from "../syntax/nodes.ts";
import type { Change } from "./change.ts";
import { ChangedVariables, type TwoModels } from "./changed-variables.ts";
import type { Builder, ContextFiles } from "./context-files.ts";
import { changeDestination, copyFromContext, copyFromStage, copyingOf } from "./copied-files.ts";
import { DifferingFiles } from "./differing-files.ts";
import type { ForecastStep } from "./forecast-step.ts";
import { afterRun } from "./run-effects.ts";
import { hitOf } from "./source-pattern.ts";
import { CACHED, maybe, runs, worst, type Verdict } from "./verdict.ts";

/** What a stage is judged by. */
export interface StageInput {
  readonly stage: Stage;
  /** What its FROM names after the change. */
  readonly nextBase: Base | undefined;
  readonly models: TwoModels;
  /** The stages before. */
  readonly known: ReadonlyMap<Stage, StageForecast>;
  readonly change: Change;
  readonly context: ContextFiles;
  readonly builder: Builder;
  readonly mergesLinks: boolean | undefined;
}

/** What becomes of a stage. */
export class StageForecast {
  readonly steps: readonly ForecastStep[];
  /** What holds for the step after the last one. */
  readonly end: Verdict;
  readonly files: DifferingFiles;
  readonly variables: ChangedVariables;
  readonly #input: StageInput;
  #workdir: string | undefined;

  constructor(input: StageInput) {
    this.#input = input;
    const { stage, models, known, builder } = input;
    const below = stage.base.stage && known.get(stage.base.stage);
    this.files = new DifferingFiles(below?.files);
    this.variables = new ChangedVariables(models, builder, below?.variables);
    this.#workdir = below === undefined ? undefined : below.#workdir;
    let above = this.#from(below);
    if (below === undefined && above.state !== "cached") this.files.doubt(above.because);
    const steps: ForecastStep[] = [];
    for (const instruction of [...triggersOf(stage), ...stage.instructions]) {
      const own = this.#own(instruction);
      const step = this.#step(instruction, own, above);
      steps.push({ instruction, stage, ...step, own: step.state === "none" ? "cached" : own.state });
      if (step.state === "none") continue;
      const after = worst([above, own]);
      if (instruction.keyword === "RUN") {
        afterRun(instruction, models.now, after, this.files, (name) => this.variables.isChanged(name));
      }
      // Only the first step has a reason of its own; for those below it is that step.
      if (after !== above)
        above = { state: after.state, because: `line ${instruction.startLine} ${verb(after)} again` };
    }
    this.steps = steps;
    this.end = above;
  }

  #from(below: StageForecast | undefined): Verdict {
    const { stage, nextBase, change, models } = this.#input;
    if (stage.base.scratch && nextBase?.scratch === true) return CACHED;
    const isOther =
      nextBase?.name !== stage.base.name ||
      stage.platform !== models.next.stages[stage.index]?.platform ||
      (stage.from.image !== undefined && this.variables.differs(stage.from.image, stage.from));
    if (isOther) return runs("FROM names another image");
    if (below !== undefined) return below.end;
    return change.base ? runs("the base image changes") : CACHED;
  }

  /** What becomes of an instruction, with what comes from the steps above. */
  #step(instruction: Instruction, own: Verdict, above: Verdict): Pick<ForecastStep, "state" | "because"> {
    const { builder, mergesLinks } = this.#input;
    if (builder === "buildkit") {
      if (!this.#isStep(instruction)) return { state: "none", because: "" };
      if (isLink(instruction) && above.state !== "cached" && own.state !== "runs") {
        if (mergesLinks === true) return own;
        if (mergesLinks === undefined) {
          return maybe(`${above.because}, which --link outlasts only with images in containerd's store`);
        }
      }
    }
    return worst([above, own]);
  }

  /** What BuildKit gives a step of its own: what changes files. */
  #isStep(instruction: Instruction): boolean {
    if (instruction.keyword !== "WORKDIR") return ["RUN", "COPY", "ADD"].includes(instruction.keyword);
    const { path } = instruction;
    const { value } =
      path === undefined ? { value: undefined } : this.#input.models.now.expand(path, instruction);
    const clean = cleanContextPath(value ?? "?");
    // The root is there already.
    if (value === undefined || value.startsWith("/")) this.#workdir = clean;
    else this.#workdir = this.#workdir === undefined ? clean : cleanContextPath(`${this.#workdir}/${clean}`);
    return this.#workdir !== "";
  }

  /** What becomes of an instruction by itself. */
  #own(instruction: Instruction): Verdict {
    const { variables } = this;
    const expanded = variables.expands(instruction);
    const other = expanded === undefined ? CACHED : runs(`${expanded} changes`);
    variables.apply(instruction);
    switch (instruction.keyword) {
      case "RUN": {
        const name = variables.ofRun();
        return worst([
          other,
          name === undefined ? CACHED : runs(`${name} changes`),
          this.#mounts(instruction),
        ]);
      }
      case "COPY":
      case "ADD":
        return worst([this.#otherCopy(instruction, other), this.#copy(instruction)]);
      case "WORKDIR":
        return this.#folder(instruction, other);
      case "ARG":
        return CACHED; // its value counts where it is used
      default:
        return other;
    }
  }

  #copy(instruction: CopyInstruction | AddInstruction): Verdict {
    const { models, context, builder, change } = this.#input;
    const copying = copyingOf(instruction, models.now);
    const from = flagNamed(instruction, "from")?.value;
    if (from === undefined) return copyFromContext(copying, change.touched, this.files, context, builder);
    const source = this.#stageNamed(from.text);
    if (source !== undefined) return copyFromStage(copying, source.files, this.files);
    return this.#ofImage(from.text);
  }

  /** What a COPY brings whose words are others. */
  #otherCopy(instruction: CopyInstruction | AddInstruction, other: Verdict): Verdict {
    if (other.state !== "cached")
      changeDestination(copyingOf(instruction, this.#input.models.now), this.files, other);
    return other;
  }

  /** A WORKDIR, which belongs to the user, with BuildKit. */
  #folder(instruction: WorkdirInstruction, other: Verdict): Verdict {
    const verdict = worst([other, this.variables.hasOtherUser ? runs("USER changes") : CACHED]);
    const path = instruction.path && this.#input.models.now.expand(instruction.path, instruction).value;
    if (verdict.state === "cached") return verdict;
    if (path === undefined) this.files.doubt(verdict.because);
    else this.files.doubtAt(absolutePath(path, instruction, this.#input.models.now), verdict.because);
    return verdict;
  }

  #mounts({ mounts }: RunInstruction): Verdict {
    const verdicts = mounts.map(({ type, options }): Verdict => {
      if (type !== "bind" && type !== "cache") return CACHED;
      const from = optionOf(options, "from")?.value?.text;
      const source = cleanContextPath(
        (optionOf(options, "source") ?? optionOf(options, "src"))?.value?.text ?? "",
      );
      if (from !== undefined) {
        const stage = this.#stageNamed(from);
        return stage === undefined ? this.#ofImage(from) : stage.files.look(source).verdict;
      }
      if (type === "cache") return CACHED;
      const path = this.#input.change.touched.find((one) => hitOf(this.#input.context.resolve(source), one));
      return path === undefined ? CACHED : runs(`it mounts ${path}`);
    });
    return worst(verdicts);
  }

  #stageNamed(name: string): StageForecast | undefined {
    const { models, stage, known } = this.#input;
    const found = models.now.stageNamed(name, stage);
    return found && known.get(found);
  }

  #ofImage(name: string): Verdict {
    return this.#input.change.base ? maybe(`the files of ${name} may change`) : CACHED;
  }
}

function verb({ state }: Verdict): string {
  return state === "runs" ? "runs" : "may run";
}

function isLink(instruction: Instruction): boolean {
  const flag = flagNamed(instruction, "link");
  return flag !== undefined && flag.value?.text !== "false";
}

function optionOf(options: readonly MountOption[], key: string): MountOption | undefined {
  return options.find((option) => option.key === key);
}
