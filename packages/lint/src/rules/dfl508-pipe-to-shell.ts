import { countBefore } from "../source/count-before.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { programsOf, type ProgramCall } from "../shell/commands.ts";
import type { ShellCommand, ShellPipeline, ShellWord } from "../shell/nodes.ts";
import type { Span } from "../source/span.ts";

const LOADERS = new Set(["curl", "wget", "fetch", "aria2c", "http", "https", "xh"]);
const SHELLS = /^(?:sh|bash|ash|dash|ksh|zsh|fish)$/;
const INTERPRETERS = /^(?:python\d*(?:\.\d+)?|perl|ruby|node|php|lua|deno|bun)$/;

export const rule: Rule = defineRule({
  code: "DFL508",
  name: "pipe-to-shell",
  category: "user",
  severity: { recommended: "info", strict: "warning" },
  scope: "reachable",
  summary: "A script is run as it comes from the network",
  docs: (): RuleDocs => ({
    why: `
      With \`curl … | sh\` whoever controls the server, or the way to it, runs commands as root in the build, and what
      they were is written nowhere: tomorrow's build may run others. If the transfer breaks off, half the script runs.
      Load the script into a file, compare it with the checksum of what was read and tested, and run that:
      \`curl -fsSLo install.sh URL && echo "SHA256  install.sh" | sha256sum -c && sh install.sh\`. Packages of the
      distribution and \`ADD --checksum=…\` do as well.

      Where the vendor offers nothing else, and the version does not matter, say so in an ignore comment.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN curl -fsSL https://example.org/install.sh | ⟦sh⟧
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN set -eux; \
              # the package source
              wget -qO- https://example.org/setup | sudo -E ⟦bash⟧ -s -- --yes; \
              curl -sS https://example.org/installer | ⟦php⟧ -- --install-dir=/usr/local/bin
          RUN curl https://example.org/get.py | ⟦python3⟧ - --version 1
        `,
      },
      {
        title: "Other spellings of the same.",
        dockerfile: dockerfile`
          FROM debian:12
          SHELL ["/bin/bash", "-o", "pipefail", "-c"]
          RUN ⟦sh⟧ -c "$(curl -fsSL https://example.org/install.sh)" && ⟦bash⟧ <(wget -qO- https://example.org/a)
          RUN ⟦eval⟧ "$(curl -fsSL https://example.org/env)" && ⟦.⟧ <(curl https://example.org/b)
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN curl -fsSLo install.sh https://example.org/install.sh \
              && echo "2f1d7cb2  install.sh" | sha256sum -c \
              && sh install.sh
        `,
      },
      {
        title: "Data is no script.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN curl -fsSL https://example.org/a.tar.gz | tar -xz
          RUN curl -fsS https://example.org/v.json | python3 -c 'import json,sys; print(json.load(sys.stdin)["v"])'
          RUN VERSION="$(curl -fsS https://example.org/version)" && sh -c "echo $VERSION" && cat run.sh | sh
          RUN curl -fsS https://example.org/list | node filter.js && curl https://example.org/key | gpg --dearmor
          RUN curl -fsS https://example.org/scripts | xargs sh
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run);
      if (script === undefined) return;
      const programs = programsOf(script);
      const found = programs.filter(({ name }) => name !== undefined && LOADERS.has(name));
      if (found.length === 0) return;
      const loaders = new Loaders(found);
      for (const call of programs) {
        const loader = loaderFor(call, loaders);
        if (loader === undefined) continue;
        const url = loader.args.find(({ prefix }) => /^\w+:\/\//.test(prefix));
        const plain = url?.prefix.startsWith("http://") === true ? ", unencrypted" : "";
        context.report({
          at: call.word.span,
          message: `${call.word.text} runs whatever ${url?.text ?? "the server"} sends${plain}, as it comes, and no checksum says what was tested; load it into a file, compare its checksum, and run that.`,
        });
      }
    },
  },
});

/** The programs of a script that load code, by where they stand. */
class Loaders {
  readonly #first = new Map<ShellPipeline, ProgramCall>();
  /** Those in command substitutions, in order. */
  readonly #substituted: readonly ProgramCall[];

  constructor(loaders: readonly ProgramCall[]) {
    for (const one of loaders) {
      const { pipeline } = one.command;
      if (!this.#first.has(pipeline)) this.#first.set(pipeline, one);
    }
    this.#substituted = loaders
      .filter(({ command }) => command.block.kind === "substitution")
      .sort((left, right) => left.command.span.start - right.command.span.start);
  }

  /** The first that stands before a command in its pipeline. */
  before({ pipeline, index }: ShellCommand): ProgramCall | undefined {
    const first = this.#first.get(pipeline);
    return first !== undefined && first.command.index < index ? first : undefined;
  }

  /** The first command substitution within a place. */
  within({ start, end }: Span): ProgramCall | undefined {
    const before = countBefore(this.#substituted, ({ command }) => command.span.start < start);
    const first = this.#substituted[before];
    return first !== undefined && first.command.span.end <= end ? first : undefined;
  }
}

/** What loads the code that a program runs. */
function loaderFor(call: ProgramCall, loaders: Loaders): ProgramCall | undefined {
  const { name, command, args, wrappers } = call;
  // xargs takes names from its input, and no code.
  if (name === undefined || wrappers.includes("xargs")) return undefined;
  const shell = SHELLS.test(name);
  if ((shell || INTERPRETERS.test(name)) && readsInput(args, shell)) {
    const found = loaders.before(command);
    if (found !== undefined) return found;
  }
  const code = codeIn(name, args, shell);
  return code && loaders.within(code.span);
}

/** Whether the code comes from the standard input: no file and no code on the command line. */
function readsInput(args: readonly ShellWord[], shell: boolean): boolean {
  for (const { prefix } of args) {
    if (prefix === "-" || prefix === "--" || prefix === "/dev/stdin") return true;
    if (shell && /^-[a-z]*s[a-z]*$/.test(prefix)) return true;
    if (!prefix.startsWith("-") || /^-[a-zA-Z]*c$/.test(prefix)) return false;
    if (!shell && /^-(?:[a-zA-Z]*[em]|-eval|-print)$/.test(prefix)) return false;
  }
  return true;
}

/** The word that holds the code, or the file with it: `sh -c CODE`, `bash <(…)`, `eval CODE`, `. <(…)`. */
function codeIn(name: string, args: readonly ShellWord[], shell: boolean): ShellWord | undefined {
  if (name === "eval") return args[0];
  if (name === "." || name === "source") return args[0]?.text.startsWith("<(") ? args[0] : undefined;
  const option = args.findIndex(({ prefix }) => (shell ? /^-[a-z]*c$/ : /^-[ce]$/).test(prefix));
  const interprets = shell || INTERPRETERS.test(name);
  if (!interprets) return undefined;
  if (option !== -1) {
    const code = args[option + 1];
    // A substitution that is all of the code, and not a part of it.
    return code !== undefined && /^"?(?:\$\(|`)/.test(code.text) ? code : undefined;
  }
  return args.find(({ text }) => text.startsWith("<("));
}
