/** Packages that yum or dnf install without a version, and what hadolint takes for one. */
import { packageCallsOf, type PackageCall } from "../../shell/commands.ts";
import { hadolintCommands, hasArgument, operandsOf } from "../../shell/hadolint-command.ts";
import { loosePackages, type LoosePackage } from "../../shell/package-managers/loose-packages.ts";
import type { Script, ShellWord } from "../../shell/nodes.ts";
import type { Instruction, RunInstruction } from "../../syntax/nodes.ts";
import type { Model, Stage } from "../model.ts";
import { foldStages, layersFrom } from "../stages/stage-chain.ts";

/** A package, or a module, whose version is its stream. */
export interface LooseRpm extends LoosePackage {
  readonly tool: string;
  readonly module: boolean;
}

/** What a script installs by name alone with yum or dnf; groups have no version. */
export function looseRpms(script: Script, manager: "yum" | "dnf"): LooseRpm[] {
  return packageCallsOf(script)
    .filter((call) => call.manager === manager && call.action === "install")
    .flatMap((call): LooseRpm[] => {
      const { tool, subcommand, packages } = call;
      if (subcommand?.value === "module") {
        return packages.flatMap(({ word }) => {
          const { value } = word;
          return value === undefined || value.includes(":")
            ? []
            : [{ name: value, word, tool, module: true }];
        });
      }
      return subcommand?.value === "install" || subcommand?.value === "in"
        ? looseIn(call).map((one) => ({ ...one, tool, module: false }))
        : [];
    });
}

function looseIn(call: PackageCall): LoosePackage[] {
  // `java-17-openjdk` has a number in its name, and no version.
  const numbered = call.packages.flatMap(({ word, source, version }): LoosePackage[] => {
    const { value } = word;
    const isName =
      source === "repository" && value !== undefined && version !== undefined && !/[.:*]/.test(version);
    return isName && word.variables.length === 0 ? [{ name: value, word }] : [];
  });
  return [...loosePackages(call), ...numbered]
    .filter(({ name }) => !/^@|[*/<>=]/.test(name))
    .toSorted((first, second) => first.word.span.start - second.word.span.start);
}

/** As hadolint sees it, for the tools of that name. */
export function looseRpmsForHadolint(
  script: Script,
  run: RunInstruction,
  model: Model,
  tools: readonly string[],
): LooseRpm[] {
  const calls = hadolintCommands(script).filter(
    (command) => tools.includes(command.name) && hasArgument(command, "install"),
  );
  return calls.flatMap((command): LooseRpm[] => {
    const module = hasArgument(command, "module");
    if (!module && hasArgument(command, "group") && command.name !== "yum") return [];
    return operandsOf(command)
      .filter(({ text }) => text !== "install" && text !== "module")
      .filter(({ text, word }) =>
        module ? !text.includes(":") : !isVersioned(text) && !isDeclared(word, run, model),
      )
      .map(({ text, word }) => ({ name: text, word, tool: command.name, module }));
  });
}

/** A hyphen, and then parts of which one begins with a digit. */
function isVersioned(text: string): boolean {
  if (text.endsWith(".rpm")) return true;
  const parts = text.split("-").slice(1);
  return parts.some((part) => /^\d/.test(part)) && parts.every((part) => /^[\w.+~^:*]+$/.test(part));
}

// What a file and its stages declare, worked out once.
const ofFiles = new WeakMap<Model, FileNames>();
const envNames = new WeakMap<Stage, Names>();

/** The names that a file declares, wherever. */
interface FileNames {
  readonly args: ReadonlySet<string>;
  /** ENV before the first FROM: a file need not begin with one for hadolint. */
  readonly before: ReadonlySet<string>;
  /** What ONBUILD holds: hadolint judges it by itself. */
  readonly held: ReadonlySet<string>;
}

/** The names that a stage sets, upon those that the stage sets it is based on. */
interface Names {
  readonly own: ReadonlySet<string>;
  readonly below: Names | undefined;
}

/** Whether a variable in it is an ARG anywhere, or an ENV of the stage or of one it is based on. */
function isDeclared({ variables }: ShellWord, run: RunInstruction, model: Model): boolean {
  if (variables.length === 0) return false;
  const file = ofFiles.get(model) ?? namesIn(model);
  ofFiles.set(model, file);
  if (run.onbuild !== undefined) return variables.some((name) => file.held.has(name));
  const stage = model.stageOf(run);
  if (stage === undefined) return variables.some((name) => file.args.has(name) || file.before.has(name));
  const layers = layersFrom<Names>(
    foldStages(stage, envNames, (one, below) => ({ own: declaredIn(one.instructions, ["ENV"]), below })),
  );
  return variables.some((name) => file.args.has(name) || layers.some(({ own }) => own.has(name)));
}

function namesIn({ dockerfile: { instructions }, preamble }: Model): FileNames {
  const held = instructions.flatMap((one) =>
    one.keyword === "ONBUILD" && one.inner !== undefined ? [one.inner] : [],
  );
  return {
    args: declaredIn(instructions, ["ARG"]),
    before: declaredIn(preamble, ["ENV"]),
    held: declaredIn(held, ["ARG", "ENV"]),
  };
}

function declaredIn(
  instructions: readonly Instruction[],
  keywords: readonly ("ARG" | "ENV")[],
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const one of instructions) {
    if (one.keyword === "ARG" && keywords.includes("ARG")) {
      for (const { name } of one.declarations) names.add(name.text);
    } else if (one.keyword === "ENV" && keywords.includes("ENV")) {
      for (const { key } of one.pairs) names.add(key.text);
    }
  }
  return names;
}

/** What is to be said of one. */
export function looseRpmMessage({ name, tool, module }: LooseRpm): string {
  if (module) {
    return `${tool} takes the default stream of the module ${name}, which changes with the release; name the one that was tested: ${name}:STREAM.`;
  }
  const shown = tool === "microdnf" ? "rpm -q" : `${tool} list`;
  return `${tool} installs ${name} in whatever version the repository holds that day, so two builds may differ; name the version that was tested: ${name}-VERSION (${shown} ${name} shows it).`;
}
