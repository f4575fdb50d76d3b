import { looseVisitors } from "../linter/loose-visitors.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { optionOf, packageCallsOf } from "../shell/commands.ts";
import { hadolintCommands, hasArgument, type HadolintCommand } from "../shell/hadolint-command.ts";
import { loosePackages, type LoosePackage } from "../shell/package-managers/loose-packages.ts";
import type { Script } from "../shell/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL425",
  name: "pin-gem",
  aliases: ["DL3028"],
  category: "packages",
  severity: { recommended: "off", strict: "warning", hadolint: "warning" },
  scope: "all",
  summary: "gem installs gems without a version",
  docs: (): RuleDocs => ({
    why: `
      \`gem install rails\` takes the newest release there is when the layer is built, so two builds of one commit may
      differ. \`rails:7.2.1\` (or \`-v 7.2.1\` for all gems of the call) says which one was tested. For what the project
      itself needs, use \`bundle install\` with its \`Gemfile.lock\`.

      It is off in \`recommended\`: for a tool of the build the newest may be just what is wanted.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM ruby:3.3
          RUN gem install --no-document ⟦bundler⟧ rails:7.2.1
        `,
      },
      {
        dockerfile: dockerfile`
          FROM ruby:3.3
          RUN <<EOF
          set -e
          # the extension needs the system's library
          gem i ⟦nokogiri⟧ -- --use-system-libraries
          EOF
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM ruby:3.3
          RUN gem install bundler:2.5.18 rails:7.2.1 -- --with-opt true
          RUN gem install nokogiri -v '~> 1.16' && gem install --version=2.5.18 bundler
        `,
      },
      {
        title: "Files, manifests and versions in variables.",
        dockerfile: dockerfile`
          FROM ruby:3.3
          ARG RAILS_VERSION
          RUN gem install ./pkg/tool-1.0.gem && gem install -g Gemfile && bundle install
          RUN gem install "rails:\${RAILS_VERSION}" && gem install bundler -v "$BUNDLER_VERSION"
        `,
      },
    ],
  }),
  visit: looseVisitors({
    looseIn,
    looseForHadolint,
    report: ({ name }) => ({
      message: `gem installs the newest ${name} there is that day, so two builds may differ; name the version that was tested: ${name}:VERSION.`,
    }),
  }),
});

function looseIn(script: Script): LoosePackage[] {
  return packageCallsOf(script)
    .filter((call) => call.manager === "gem" && call.action === "install")
    .filter((call) => optionOf(call, "-g", "--file", "--help", "-h") === undefined)
    .flatMap(loosePackages);
}

function looseForHadolint(script: Script): LoosePackage[] {
  return hadolintCommands(script)
    .filter((command) => command.name === "gem" && hasArgument(command, "install", "i"))
    .filter(({ args }) => !args.some(({ text }) => /^(?:-v|--version(?:=.*)?)$/s.test(text)))
    .flatMap(gemsForHadolint)
    .filter(({ name }) => !name.includes(":"));
}

/** Every option takes the next word with it, and what follows `--` is for the compiler. */
function gemsForHadolint({ args }: HadolintCommand): LoosePackage[] {
  const end = args.findIndex(({ text }) => text === "--");
  const gems: LoosePackage[] = [];
  const own = end === -1 ? args : args.slice(0, end);
  for (let at = 0; at < own.length; at += 1) {
    const argument = own[at];
    if (argument?.text.startsWith("-")) at += 1;
    else if (argument && argument.text !== "install" && argument.text !== "i")
      gems.push({ name: argument.text, word: argument.word });
  }
  return gems;
}
