import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import {
  buildPackagesLeft,
  compilationIn,
  isBuildProgram,
  isToolchain,
  mayBuild,
} from "../semantics/packages/build-tools.ts";
import { startedBelow } from "../semantics/packages/cache-readers.ts";
import type { Stage } from "../semantics/model.ts";
import { foldStages } from "../semantics/stages/stage-chain.ts";
import { appendCommand } from "../shell/edits/append-command.ts";
import { callName, packageNames } from "../shell/package-managers/call-words.ts";
import {
  optionOf,
  packageCallOf,
  packageCallsOf,
  programsOf,
  type PackageArgument,
  type PackageCall,
} from "../shell/commands.ts";
import type { Script } from "../shell/nodes.ts";
import { rightsOf } from "../shell/programs/rights.ts";
import type { Keyword, RunInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL307",
  name: "build-tools-shipped",
  category: "stages",
  severity: "warning",
  scope: "shipped",
  fix: "unsafe",
  onbuild: false,
  summary: "Compilers and headers are left in the image that ships",
  docs: (): RuleDocs => ({
    why: `
      What builds a program is not needed to run it. Compilers and headers make an image some hundred megabytes
      larger, on every machine that pulls it, and are the first thing that an intruder is glad to find. Build in a stage
      of its own, and \`COPY --from\` it what was made. Where that is too much, take the tools out in the RUN that
      brought them: in a later one their bytes stay in the layer below.

      Looked at are stages that ship and run something: those that copy files or say what to start.
      The fix takes the tools out at the end of the RUN that uses them; it is unsafe, since something else may need
      them. None is offered where a later RUN builds, too, nor for the headers of libraries: package managers take out
      the library with them.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12-slim
          RUN apt-get update && apt-get install -y curl ⟦gcc⟧ libpq-dev
          COPY . /app
          CMD ["/app/run"]
        `,
      },
      {
        title: "Used and left behind in one RUN.",
        dockerfile: dockerfile`
          FROM python:3.12-alpine
          COPY requirements.txt .
          RUN apk add --no-cache ⟦gcc⟧ musl-dev \
              && pip install --no-cache-dir -r requirements.txt
          CMD ["python"]
        `,
        fixed: dockerfile`
          FROM python:3.12-alpine
          COPY requirements.txt .
          RUN apk add --no-cache gcc musl-dev \
              && pip install --no-cache-dir -r requirements.txt \
              && apk del gcc musl-dev
          CMD ["python"]
        `,
      },
      {
        title: "The library of the headers has to stay.",
        dockerfile: dockerfile`
          FROM php:8.3-apache
          RUN apt-get update && apt-get install -y ⟦libzip-dev⟧ && docker-php-ext-install zip
          COPY . /var/www/html
        `,
      },
      {
        title: "The image itself is a toolchain, and the program is built and shipped in one stage.",
        dockerfile: dockerfile`
          FROM ⟦golang:1.23⟧
          WORKDIR /src
          COPY . .
          RUN go build -o /app
          CMD ["/app"]
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          WORKDIR /src
          COPY . .
          RUN apt-get update && apt-get install -y gcc && go build -o /app
          FROM debian:12-slim
          COPY --from=build /app /app
          CMD ["/app"]
        `,
      },
      {
        title: "Taken out in the same RUN, by name or as a group.",
        dockerfile: dockerfile`
          FROM python:3.12-alpine
          COPY requirements.txt .
          RUN apk add --no-cache --virtual .build gcc musl-dev \
              && pip install --no-cache-dir -r requirements.txt \
              && apk del .build
          RUN apk add --no-cache make && make && apk del make
          CMD ["python"]
        `,
      },
      {
        title: "An image to build with: it copies nothing and starts nothing.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y build-essential cmake
        `,
      },
    ],
  }),
  visit: {
    FROM({ image }, context) {
      const { stage } = context;
      const reference = stage?.base.reference;
      if (image === undefined || stage === undefined || reference === undefined || !isToolchain(reference))
        return;
      const use = compilationOn(stage, context);
      if (use === undefined) return;
      context.report({
        at: image.span,
        message: `${reference.text} is there to build with (${use.text} in line ${use.line}), and all of it ships; let this be a build stage, and end with a stage on a small image that has COPY --from what was built.`,
      });
    },
    stage(stage, context) {
      if (!runsSomething(stage)) return;
      for (const instruction of stage.instructions) {
        if (instruction.keyword === "RUN") checkPackages(instruction, context);
      }
    },
  },
});

function checkPackages(run: RunInstruction, context: RuleContext): void {
  const script = context.script(run);
  if (script === undefined) return;
  for (const call of packageCallsOf(script)) {
    const left = buildPackagesLeft(call, script);
    const [first] = left;
    if (first === undefined) continue;
    context.report({
      at: first.word.span,
      instruction: run,
      message: `${callName(call)} leaves ${packageNames(left)} in the image that ships, and only building needs that; build in a stage of its own and COPY --from it what was made, or take it out in this same RUN${left.some(isLibrary) ? ", with the libraries that running needs installed by their own names" : ""}.`,
      fixes: fixesOf(call, left, script, run, context),
    });
  }
}

const APPLICATION: ReadonlySet<Keyword> = new Set([
  "CMD",
  "ENTRYPOINT",
  "COPY",
  "ADD",
  "HEALTHCHECK",
  "EXPOSE",
]);

const runningStages = new WeakMap<Stage, boolean>();

/** Whether the target, of which this stage is a part, is more than an image to build with. */
function runsSomething(stage: Stage): boolean {
  return foldStages(
    stage,
    runningStages,
    ({ instructions }, below) =>
      below === true || instructions.some(({ keyword }) => APPLICATION.has(keyword)),
  );
}

/** The first thing that is compiled on this stage in what ships. */
function compilationOn(base: Stage, context: RuleContext): { text: string; line: number } | undefined {
  for (const stage of context.model.stages) {
    if (!stage.shipped || stage.image.from !== base.from || !runsSomething(stage)) continue;
    for (const instruction of stage.instructions) {
      if (instruction.keyword !== "RUN") continue;
      const code = context.script(instruction);
      const found = code && compilationIn(code);
      if (found === undefined) continue;
      const goal = found.args.find(({ value }) => value !== undefined && !value.startsWith("-"));
      return { text: `${found.name ?? ""} ${goal?.value ?? ""}`.trim(), line: instruction.startLine };
    }
  }
  return undefined;
}

const REMOVAL: ReadonlyMap<string, string> = new Map([
  ["apt", "apt-get purge -y --auto-remove"],
  ["apk", "apk del"],
  ["dnf", "dnf remove -y"],
  ["yum", "yum remove -y"],
]);

/** Whether a later RUN builds, or installs what may be built on the way. */
const buildsBelow = startedBelow((program) => {
  const call = packageCallOf(program);
  return call === undefined ? isBuildProgram(program) : mayBuild(call);
});

/** Whether a package brings a library: taking out `libzip-dev` takes `libzip4` with it, which what was built needs. */
function isLibrary({ name = "" }: PackageArgument): boolean {
  return /-dev(?:el)?$/.test(name) && !/^(?:musl|libc\d?|linux-libc|glibc|python3?|ruby|go)-/.test(name);
}

/** Takes the packages out at the end, where something of the same RUN used them. */
function fixesOf(
  call: PackageCall,
  left: readonly PackageArgument[],
  script: Script,
  run: RunInstruction,
  context: RuleContext,
): OfferedFix[] {
  const removal = REMOVAL.get(call.manager);
  const known = new Set(
    packageCallsOf(script)
      .filter(({ manager }) => manager === call.manager)
      .map((one) => one.call.command),
  );
  const isUsed = programsOf(script).some(
    ({ command, name }) => command.index > call.call.command.index && !known.has(command) && name !== "rm",
  );
  if (removal === undefined || !isUsed || left.some(isLibrary)) return [];
  if (buildsBelow(run.span.end, context.model.stageOf(run), context)) return [];
  // A package of a group stays as long as the group does.
  const group = optionOf(call, "--virtual", "-t")?.value;
  if (group !== undefined && left.length < call.packages.length) return [];
  const names = group ?? left.map(({ name }) => name ?? "").join(" ");
  const edit = appendCommand(run, script, `${rightsOf(call.call)}${removal} ${names}`, context.dockerfile);
  return edit === undefined ? [] : [{ title: `Take ${names} out at the end of the RUN`, edits: [edit] }];
}
