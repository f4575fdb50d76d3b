import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import type { Stage } from "../semantics/model.ts";
import { stageCycles } from "../semantics/stages/stage-graph.ts";

export const rule: Rule = defineRule({
  code: "DFL309",
  name: "stage-cycle",
  category: "stages",
  severity: "error",
  scope: "all",
  summary: "Stages need each other in a circle",
  docs: (): RuleDocs => ({
    why: `
      Each of the stages waits for another one to be finished, so none can start, and the build stops before
      anything runs. Take what both need into a stage of its own that stands above them.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20 AS client
          COPY --from=⟦server⟧ /api.json /
          FROM alpine:3.20 AS server
          COPY --from=client /page.html /
        `,
      },
      {
        title: "Around several corners.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS a
          RUN --mount=type=bind,from=⟦c⟧,target=/c cp /c/x /x
          FROM a AS b
          FROM alpine:3.20 AS c
          COPY --from=b /x /x
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20 AS shared
          FROM alpine:3.20 AS client
          COPY --from=shared /api.json /
          FROM alpine:3.20 AS server
          COPY --from=client /page.html /
          COPY --from=shared /api.json /
        `,
      },
      {
        title: "The stage itself is DFL305's.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS app
          COPY --from=app /a /b
        `,
      },
    ],
  }),
  visit: {
    file(_, context) {
      for (const cycle of stageCycles(context.model.stages)) {
        const [first, ...rest] = cycle;
        if (first === undefined) continue;
        const names = [...cycle.map(({ stage }) => label(stage)), label(first.stage)];
        context.report({
          at: first.dependency.word.span,
          stage: first.stage,
          instruction: first.dependency.instruction,
          message: `The build stops, because these stages wait for each other: ${names.join(" → ")}; take what both need into a stage above them.`,
          related: rest.map(({ stage, dependency }) => ({
            span: dependency.word.span,
            message: `${label(stage)} takes from ${dependency.name ?? dependency.word.text}`,
          })),
        });
      }
    },
  },
});

function label({ name, index }: Stage): string {
  return name ?? `stage ${index}`;
}
