/** Packages that yum or dnf install without a version, and what hadolint takes for one. */
import { packageCallsOf, type PackageCall } from "../shell/commands.ts";
import { hadolintCommands, hasArgument, operandsOf } from "../shell/hadolint-command.ts";
import { loosePackages, type LoosePackage } from "../shell/loose-packages.ts";
import type { Script, ShellWord } from "../shell/nodes.ts";
import type { Instruction, RunInstruction } from "../syntax/nodes.ts";
import type { Model } from "./model.ts";

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
  run: RunInstruction,
  script: Script,
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

/** Whether a variable in it is an ARG anywhere, or an ENV of the stage or of one it is based on. */
function isDeclared({ variables }: ShellWord, run: RunInstruction, model: Model): boolean {
  if (variables.length === 0) return false;
  const everywhere = [...model.preamble, ...model.stages.flatMap(({ instructions }) => instructions)];
  if (declares(everywhere, "ARG", variables)) return true;
  for (let stage = model.stageOf(run); stage !== undefined; stage = stage.base.stage) {
    if (declares(stage.instructions, "ENV", variables)) return true;
  }
  return model.stageOf(run) === undefined && declares(model.preamble, "ENV", variables);
}

function declares(
  instructions: readonly Instruction[],
  keyword: "ARG" | "ENV",
  names: readonly string[],
): boolean {
  return instructions.some((one) => {
    const inner = one.keyword === "ONBUILD" ? one.inner : one;
    if (inner?.keyword !== keyword) return false;
    if (inner.keyword === "ARG") return inner.declarations.some(({ name }) => names.includes(name.text));
    return inner.keyword === "ENV" && inner.pairs.some(({ key }) => names.includes(key.text));
  });
}
