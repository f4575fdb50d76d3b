/** Steps that install what a project's manifest lists, for each language's tool. */
import { PACKAGE_TOOLS, packageCallOf, programsOf, type ProgramCall } from "../commands.ts";
import { callOf } from "../may-call.ts";
import type { Script, ShellWord } from "../nodes.ts";
import { oncePerScript } from "../once-per-script.ts";
import { cover } from "../../source/span.ts";
import type { DependencyInstall, InstallReading } from "./dependency-install.ts";
import { readManifestInstall } from "./manifest-installs.ts";
import { PROJECT_TOOLS, readProjectTool } from "./project-tools.ts";

/** Finds what {@link dependencyInstalls} may find something in. */
export const DEPENDENCY_CALL: RegExp = callOf([...PACKAGE_TOOLS, ...PROJECT_TOOLS.keys()]);

/** The steps of a script that install dependencies, in order. */
export const dependencyInstalls: (script: Script) => readonly DependencyInstall[] = oncePerScript((script) =>
  programsOf(script).flatMap(installOf),
);

const NONE: readonly never[] = [];

function installOf(call: ProgramCall): readonly DependencyInstall[] {
  const reading = readCall(call);
  if (reading === undefined) return NONE;
  const { words, ...rest } = reading;
  const isElsewhere =
    reading.folder === undefined && call.args.some((word) => leadsElsewhere(word, call.name));
  const shown = call.args.slice(0, words);
  const last = shown.at(-1);
  return [
    {
      ...rest,
      movable: reading.movable && !isElsewhere,
      call,
      name: [call.word, ...shown].map(({ text }) => text).join(" "),
      span: last === undefined ? call.word.span : cover(call.word.span, last.span),
      folder: reading.folder,
    },
  ];
}

/** Options that name another project than that of the working folder, or other manifests than its own. */
const ELSEWHERE =
  /^(?:-C|--(?:directory|project|project-dir|working-dir|cwd|gemfile|workspaces?|filter)|--?modfile)(?:=|$)/;

/** The same in letters that mean something else to other tools. */
const ELSEWHERE_OF: ReadonlyMap<string, RegExp> = new Map([
  ["mvn", /^(?:-f|--file)(?:=|$)/],
  ["gradle", /^-p$/],
  ["composer", /^-d/],
  ["npm", /^-w$/],
]);

function leadsElsewhere({ prefix }: ShellWord, tool: string | undefined): boolean {
  return ELSEWHERE.test(prefix) || ELSEWHERE_OF.get(tool ?? "")?.test(prefix) === true;
}

function readCall(call: ProgramCall): InstallReading | undefined {
  const packages = packageCallOf(call);
  return packages === undefined ? readProjectTool(call) : readManifestInstall(packages);
}
