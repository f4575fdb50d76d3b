import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { Dependency, Model, Stage } from "../semantics/model.ts";
import { stageCycles } from "../semantics/stages/stage-graph.ts";
import { flagNamed } from "../syntax/nodes.ts";
import { nearestName } from "../syntax/nearest-name.ts";

export const rule: Rule = defineRule({
  code: "DFL304",
  name: "copy-from-unknown",
  aliases: ["DL3022"],
  category: "stages",
  severity: { recommended: "error", hadolint: "warning" },
  scope: "all",
  // The name is looked up where the trigger runs: in another file.
  onbuild: false,
  summary: "COPY --from or a mount names a stage that is not there, or comes later",
  docs: (): RuleDocs => ({
    why: `
      What a stage copies has to be built before it: a number at or above its own, and a stage that is defined further
      down, stop the build. A name that is no stage is taken for a build context of that name
      (\`--build-context NAME=…\`), and otherwise for an image to pull: a misspelt stage then ends in
      \`pull access denied\`, or in files of somebody else's image.

      dflint cannot know which images there are, nor contexts unless a compose or bake file gives them, so a name that is
      no stage is reported only where it is nearly the name of one.
    `,
    bad: [
      {
        title: "Nearly the name of a stage.",
        dockerfile: dockerfile`
          FROM golang:1.23 AS builder
          RUN go build -o /app
          FROM scratch
          COPY --from=⟦bulider⟧ /app /app
        `,
      },
      {
        title: "Numbers start at 0.",
        dockerfile: dockerfile`
          FROM golang:1.23
          RUN go build -o /app
          FROM scratch
          COPY --from=⟦2⟧ /app /app
        `,
      },
      {
        title: "Further down; by a mount, too.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS app
          COPY --from=⟦tools⟧ /tool /tool
          RUN --mount=type=bind,from=⟦tools⟧,target=/mnt cp /mnt/tool /usr/local/bin/
          FROM alpine:3.20 AS tools
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          RUN go build -o /app
          FROM scratch
          COPY --from=build /app /app
          COPY --from=0 /app /app2
        `,
      },
      {
        title: "An image, and a build context.",
        dockerfile: dockerfile`
          FROM debian:12 AS build
          COPY --from=golang:1.23 /usr/local/go /usr/local/go
          COPY --from=nginx /etc/nginx /etc/nginx
          COPY --from=shared-config app.toml /etc/
        `,
      },
      {
        title: "Case makes no difference.",
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          FROM scratch
          COPY --from=BUILD /app /app
        `,
      },
    ],
  }),
  visit: {
    COPY(copy, context) {
      const word = flagNamed(copy, "from")?.value;
      if (context.compat !== "hadolint" || word === undefined || isKnownToHadolint(word.text, context))
        return;
      context.report({
        at: word.span,
        message: `No stage above is called "${word.text}"; name one, or write an image with its tag.`,
      });
    },
    file(_, context) {
      if (context.compat === "hadolint") return;
      const { model } = context;
      let inCycles: ReadonlySet<Dependency> | undefined;
      for (const stage of model.stages) {
        for (const dependency of stage.dependencies) {
          const message = problemOf(dependency, stage, model);
          if (message === undefined) continue;
          // Moving one of the stages would not help; DFL309 tells.
          inCycles ??= new Set(
            stageCycles(model.stages).flatMap((steps) => steps.map((step) => step.dependency)),
          );
          if (inCycles.has(dependency)) continue;
          const { word, instruction } = dependency;
          context.report({ at: word.span, stage, instruction, message });
        }
      }
    },
  },
});

/** hadolint takes what holds a colon for an image, and everything else for a stage. */
function isKnownToHadolint(text: string, { model, stage }: RuleContext): boolean {
  if (text.includes(":")) return true;
  if (stage === undefined) return false;
  if (/^\d+$/.test(text)) return Number(text) < stage.index;
  return [stage, model.stageNamed(text, stage)].some((one) => one?.from.as?.name.text === text);
}

function problemOf(dependency: Dependency, stage: Stage, model: Model): string | undefined {
  const { kind, name } = dependency;
  if (kind === "from" || name === undefined || dependency.stage === stage) return undefined;
  if (dependency.isGiven) return undefined;
  if (dependency.stage !== undefined) {
    if (dependency.stage.index < stage.index) return undefined;
    const line = dependency.stage.from.startLine;
    return `The stage "${name}" is defined further down, in line ${line}, and has to stand above what takes from it, or the build stops; move it up.`;
  }
  if (/^\d+$/.test(name)) {
    if (kind === "mount") return undefined;
    const above = stage.index === 0 ? "none" : stage.index === 1 ? "only 0" : `0 to ${stage.index - 1}`;
    return `There is no stage ${name}, so the build stops; stages are counted from 0, and above this one is ${above}.`;
  }
  const meant = /[/:@$]/.test(name) ? undefined : misspelt(name.toLowerCase(), model, stage);
  if (meant === undefined) return undefined;
  return `No stage is called "${name}", so the builder takes it for an image and tries to pull it. Did you mean "${meant}"?`;
}

/** How many stages above are searched for a likely name. */
const SEARCHED = 50;

/** Images that people copy programs from, and that may be near a stage's name: `rust` beside `rusty`. */
const IMAGES: ReadonlySet<string> = new Set(
  (
    "alpine bash buildpack-deps busybox caddy composer debian docker elixir erlang gcc golang gradle haproxy haskell httpd" +
    " hugo julia maven mongo mysql nginx node openjdk perl php postgres python redis ruby rust swift traefik ubuntu vault"
  ).split(" "),
);

/** The stage above whose name somebody probably wanted to write; `app2` and `apps` beside `app` are meant that way. */
function misspelt(name: string, { stages }: Model, { index }: Stage): string | undefined {
  if (name.length < 3 || name.length > 100 || IMAGES.has(name)) return undefined;
  const names = stages.slice(Math.max(0, index - SEARCHED), index).flatMap((one) => one.name ?? []);
  const near = nearestName(name, names, name.length < 5 ? 2 : 3);
  if (near === undefined) return undefined;
  const bare = (text: string): string => text.replace(/\d+/g, "").replace(/s$/, "");
  return bare(near) === bare(name) ? undefined : near;
}
