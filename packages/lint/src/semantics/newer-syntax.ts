/**
 * What came to Dockerfiles after version 1.0 of their frontend, where a file uses it. The versions are those of the
 * Dockerfile reference and of the release notes of the frontend.
 */
import type { Span } from "../source/span.ts";
import type { Instruction } from "../syntax/nodes.ts";
import { expandedWords } from "./variables/expanded-words.ts";
import type { FrontendVersion } from "./frontend.ts";
import type { Model } from "./model.ts";
import { sourceKind } from "./paths/source-kind.ts";

/** A use of something newer. */
export interface NewerSyntax {
  /** How to call it: `COPY --link`, `A heredoc`. */
  readonly feature: string;
  readonly span: Span;
  readonly instruction: Instruction;
  /** The first stable release that knows it. */
  readonly since: FrontendVersion;
  /** The first release of the labs channel, where that was earlier. */
  readonly labs: FrontendVersion | undefined;
}

interface Since {
  readonly since: FrontendVersion;
  readonly labs?: FrontendVersion;
}

/** By instruction and flag. */
const FLAGS: Readonly<Record<string, Since>> = {
  "ADD --chmod": { since: [1, 2] },
  "ADD --link": { since: [1, 4] },
  "ADD --keep-git-dir": { since: [1, 6], labs: [1, 5] },
  "ADD --checksum": { since: [1, 6], labs: [1, 5] },
  "ADD --unpack": { since: [1, 17] },
  "ADD --exclude": { since: [1, 19], labs: [1, 7] },
  "COPY --chmod": { since: [1, 2] },
  "COPY --link": { since: [1, 4] },
  "COPY --parents": { since: [1, 20], labs: [1, 7] },
  "COPY --exclude": { since: [1, 19], labs: [1, 7] },
  "HEALTHCHECK --start-interval": { since: [1, 6] },
  // The experimental channel, which labs followed, had it from the start.
  "RUN --mount": { since: [1, 2], labs: [1, 0] },
  "RUN --network": { since: [1, 3], labs: [1, 1] },
  "RUN --security": { since: [1, 20], labs: [1, 1] },
};
const HEREDOC: Since = { since: [1, 4], labs: [1, 3] };
const GIT_SOURCE: Since = { since: [1, 6], labs: [1, 5] };
const SECRET_ENV: Since = { since: [1, 10] };
const CHECK_DIRECTIVE: Since = { since: [1, 8] };
const TRIMMING: Since = { since: [1, 7] };

/** What all of it but sources and the directive is written with. */
const WRITTEN = new RegExp(
  `--(?:${[...new Set(Object.keys(FLAGS).map((flag) => flag.replace(/^.* --/, "")))].join("|")})\\b|` +
    /<<|\benv=|\$\{\w+[#%/]/.source,
);

/** Whether a piece of a file may hold any: a flag of a program is none. To find out for certain, the file has to be read. */
export function mayHoldNewerSyntax(text: string): boolean {
  return WRITTEN.test(text);
}

/** Every use, in order of instructions. */
export function newerSyntax(model: Model): NewerSyntax[] {
  const uses: NewerSyntax[] = [];
  const [first] = model.dockerfile.instructions;
  const check = model.dockerfile.directives.find(({ name }) => name === "check");
  if (check !== undefined && first !== undefined) {
    uses.push(useOf("# check=", check.nameSpan, first, CHECK_DIRECTIVE));
  }
  for (const outer of model.dockerfile.instructions) {
    const instruction = outer.keyword === "ONBUILD" ? outer.inner : outer;
    if (instruction !== undefined && mayBeNewer(instruction)) addUses(uses, instruction, model);
  }
  return uses;
}

/** Whether there is anything to look at, which in most instructions there is not. */
function mayBeNewer({ keyword, flags, heredocs, json, logical }: Instruction): boolean {
  if (keyword === "ADD" || flags.length > 0 || heredocs.length > 0) return true;
  // In JSON the dollar may be written in another way.
  return json || logical.text.includes("${");
}

function addUses(uses: NewerSyntax[], instruction: Instruction, model: Model): void {
  const { keyword, flags, heredocs } = instruction;
  for (const { name, nameSpan } of flags) {
    const feature = `${keyword} --${name}`;
    const since = Object.hasOwn(FLAGS, feature) ? FLAGS[feature] : undefined;
    if (since !== undefined) uses.push(useOf(feature, nameSpan, instruction, since));
  }
  const heredoc = heredocs[0];
  if (heredoc !== undefined) uses.push(useOf("A heredoc", heredoc.word.span, instruction, HEREDOC));
  if (keyword === "RUN") {
    for (const { type, options } of instruction.mounts) {
      const env = type === "secret" ? options.find(({ key }) => key === "env") : undefined;
      if (env !== undefined) uses.push(useOf("env= of a secret mount", env.span, instruction, SECRET_ENV));
    }
  }
  if (keyword === "ADD") {
    const source = instruction.sources.find(
      (word) => sourceKind(model.expand(word, instruction).value ?? "") === "git",
    );
    if (source !== undefined)
      uses.push(useOf("A git repository as a source of ADD", source.span, instruction, GIT_SOURCE));
  }
  const words =
    keyword === "FROM" ? (instruction.image ? [instruction.image] : []) : expandedWords(instruction);
  for (const word of words) {
    const operator = /\$\{\w+(?:##?|%%?|\/\/?)[^}]*\}/.exec(word.text);
    if (operator === null) continue;
    const span = word.spanOf(operator.index, operator.index + operator[0].length);
    uses.push(useOf("Trimming and replacing in ${…}", span, instruction, TRIMMING));
    return;
  }
}

function useOf(feature: string, span: Span, instruction: Instruction, { since, labs }: Since): NewerSyntax {
  return { feature, span, instruction, since, labs };
}
