import type { CheaperOrder } from "../linter/facts/history-facts.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import type { Edit } from "../source/edit.ts";
import type { SourceFile } from "../source/source-file.ts";
import { wholeLines } from "../syntax/line-edits.ts";
import type { Instruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL107",
  name: "cache-order-by-history",
  category: "cache",
  severity: { recommended: "info", strict: "warning" },
  scope: "reachable",
  fix: "suggestion",
  needs: "history",
  summary: "By the commits of the past, another order of a stage's steps runs less of them again",
  docs: (): RuleDocs => ({
    why: `
      A step that changed re-runs every step below it. How often that happens is no guess: the repository knows which
      paths its commits changed. With \`--history\` each of the last 200 commits is played through the Dockerfile, and
      for each stage the order is looked for in which the fewest seconds of steps run again for a commit.

      Steps change places only where it is certain that the image stays the same: copies to disjoint paths, and a RUN
      that does nothing but install system packages or add users with a COPY into an application's own folder. How long
      steps take is estimated; \`dflint cache --history --prove\` measures it on an engine.
    `,
    bad: [
      {
        title: "The source changes with each of five commits, the configuration with none:",
        dockerfile: dockerfile`
          FROM debian:12
          ⟦COPY⟧ src /app/src/
          # Nothing in it looks at /app.
          RUN apt-get update && apt-get install -y make && rm -rf /var/lib/apt/lists/*
          COPY config /app/config/
        `,
        files: { "src/a.c": "a", "config/b": "b" },
        history: [["src/a.c"], ["src/a.c"], ["src/a.c", "README.md"], ["src/new.c"], ["src/a.c"]],
        fixed: dockerfile`
          FROM debian:12
          # Nothing in it looks at /app.
          RUN apt-get update && apt-get install -y make && rm -rf /var/lib/apt/lists/*
          COPY config /app/config/
          COPY src /app/src/
        `,
      },
    ],
    good: [
      {
        title: "What the RUN does with the files cannot be known:",
        dockerfile: dockerfile`
          FROM debian:12
          COPY src /app/src/
          RUN make -C /usr/local/build
        `,
        history: [["src/a.c"], ["src/a.c"]],
      },
      {
        title: "The source changes rarely:",
        dockerfile: dockerfile`
          FROM debian:12
          COPY src /app/src/
          RUN apt-get update && apt-get install -y make && rm -rf /var/lib/apt/lists/*
        `,
        history: [["README.md"], ["README.md"]],
      },
    ],
  }),
  visit: {
    file(file, context) {
      for (const order of context.history?.cheaperOrders(file) ?? []) {
        const stage = context.model.stages[order.stage];
        // What changes the most of what has to move.
        const [first] = order.order
          .filter(({ moved }) => moved)
          .sort((left, right) => right.share - left.share);
        if (stage === undefined || first === undefined) continue;
        const { instruction, share } = first;
        const place = order.order.findIndex((one) => one === first);
        const above = order.order[place - 1]?.instruction;
        const where = above === undefined ? "to the top of its stage" : `below line ${above.startLine}`;
        const measured = order.source === "measured" ? "" : "an estimated ";
        context.report({
          at: instruction.name.span,
          message: `${Math.round(share * 100)} % of the last ${order.commits} commits change what this ${instruction.keyword} is made from, and everything below runs again; with it ${where} the steps of the stage would take ${measured}${seconds(order.after)} for each commit instead of ${seconds(order.before)}.`,
          evidence: [
            `${order.commits} commits: ${seconds(order.before)} for each in this order, ${seconds(order.after)} in the other (${order.source}).`,
          ],
          fixes: [
            {
              title: "Put the steps of the stage in the cheaper order",
              edits: reordered(stage.instructions, order, context.source),
            },
          ],
          stage,
          instruction,
        });
      }
    },
  },
});

/** Puts the lines of each instruction, with the comments right above it, where the order wants it. */
function reordered(
  instructions: readonly Instruction[],
  { order }: CheaperOrder,
  source: SourceFile,
): Edit[] {
  return instructions.flatMap((old, index): Edit[] => {
    const next = order[index]?.instruction;
    if (next === undefined || next === old) return [];
    const [span, taken] = [wholeLines(old, source), source.slice(wholeLines(next, source))];
    const end = /\r?\n$/.exec(source.slice(span))?.[0] ?? "";
    return [{ span, newText: taken.replace(/\r?\n$/, "") + end }];
  });
}

function seconds(count: number): string {
  return `${count.toFixed(count < 10 ? 1 : 0)} s`;
}
