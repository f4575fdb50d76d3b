import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { programsOf, type ProgramCall } from "../shell/commands.ts";
import { hadolintCommands } from "../shell/hadolint-command.ts";
import type { Script } from "../shell/nodes.ts";
import type { RunInstruction } from "../syntax/nodes.ts";

const HADOLINT = new Set(["free", "kill", "mount", "ps", "service", "shutdown", "ssh", "top", "vim"]);

export const rule: Rule = defineRule({
  code: "DFL832",
  name: "useless-command",
  aliases: ["DL3001"],
  category: "shell",
  severity: { recommended: "info", hadolint: "info" },
  scope: "all",
  summary: "A command has no effect on the image",
  docs: (): RuleDocs => ({
    why: `
      A layer keeps files, and nothing of what ran: a service that a RUN starts is gone when the RUN ends, an
      interactive program finds nobody to talk to, \`ps\` and \`free\` show the build machine of that day, and \`mount\` is
      not allowed. Start services by CMD or ENTRYPOINT when the container runs.

      What works on something that the same RUN started is fine: \`service postgresql start && psql -f schema.sql\`.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y nginx && ⟦service⟧ nginx start
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN set -eux; \
              # how much memory is there?
              ⟦free⟧ -m; \
              ⟦mount⟧ -t tmpfs tmpfs /mnt; \
              ⟦systemctl⟧ enable --now cron
          RUN echo "$(⟦ps⟧ aux)"
        `,
      },
    ],
    good: [
      {
        title: "The names are of packages and files here.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y ssh vim procps && rm -rf /etc/init.d/ssh
        `,
      },
      {
        title: "What a RUN works on while it lasts.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN service postgresql start && psql -f schema.sql && service postgresql stop
          RUN mysqld --skip-networking & sleep 5 && mysql < schema.sql && kill %1
          RUN --mount=type=ssh ssh -T git@github.com || true
          RUN --security=insecure mount -o loop disk.img /mnt && cp /mnt/file / && umount /mnt
        `,
      },
      {
        title: "Enabling writes a link, and starts nothing.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN systemctl enable cron && command -v top
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run, ANY_JUDGED);
      if (script === undefined) return;
      const found = context.compat === "hadolint" ? callsForHadolint(script) : uselessCalls(script, run);
      for (const { word, name } of found) {
        context.report({ at: word.span, message: MESSAGES.get(name ?? "") ?? gone(word.text) });
      }
    },
  },
});

const SHOWS = "shows the build machine of that day and leaves nothing in the image; leave it out.";
const TALKS = "waits for somebody at a terminal, and there is nobody during a build; leave it out.";
const MESSAGES: ReadonlyMap<string, string> = new Map([
  ...["free", "ps", "ifconfig"].map((name): [string, string] => [name, `${name} ${SHOWS}`]),
  ...["top", "htop", "vim", "vi", "nano", "less"].map((name): [string, string] => [name, `${name} ${TALKS}`]),
  [
    "mount",
    "mount is not allowed during a build, and what it mounts is in no layer; use RUN --mount or COPY.",
  ],
  [
    "ssh",
    "ssh finds neither keys nor somebody to ask during a build; use RUN --mount=type=ssh, or copy the files.",
  ],
  ["shutdown", "shutdown has nothing to shut down during a build; leave it out."],
  ["reboot", "reboot has nothing to start anew during a build; leave it out."],
]);

const JUDGED: ReadonlySet<string> = new Set([...MESSAGES.keys(), "kill", "service", "systemctl"]);
const ANY_JUDGED = new RegExp(`\\b(?:${[...JUDGED].join("|")})\\b`);

function gone(name: string): string {
  return `What ${name} starts or stops is gone when this RUN ends, since a layer keeps files only; start it by CMD or ENTRYPOINT.`;
}

/** What all commands of a script have around them. */
interface Course {
  /** The last command that does not stand in a substitution. */
  readonly last: number;
  readonly hasBackground: boolean;
  /** The first command that starts something which is there as long as the RUN. */
  readonly firstService: number;
}

function uselessCalls(script: Script, run: RunInstruction): ProgramCall[] {
  const programs = programsOf(script).filter(({ name }) => name !== undefined && JUDGED.has(name));
  if (programs.length === 0) return [];
  const { commands } = script;
  const course = {
    last: commands.findLastIndex(({ block }) => block.kind !== "substitution"),
    hasBackground: commands.some(({ after }) => after === "&"),
    firstService: indexOrNone(
      commands.findIndex(
        ({ name, words }) =>
          name === "service" ||
          words.some(({ value }) => /^(?:start|--daemon(?:ize)?|-D)$/.test(value ?? "")),
      ),
    ),
  };
  return programs.filter((call) => isUseless(call, run, course));
}

function indexOrNone(index: number): number {
  return index === -1 ? Infinity : index;
}

function isUseless(call: ProgramCall, run: RunInstruction, course: Course): boolean {
  const { name, args, wrappers, command } = call;
  if (wrappers.includes("command") || wrappers.includes("builtin")) return false;
  const has = (...words: readonly string[]): boolean => args.some(({ value }) => words.includes(value ?? ""));
  const usesService = course.firstService < command.index;
  switch (name) {
    case "free":
    case "shutdown":
    case "reboot":
    case "top":
    case "htop":
    case "ifconfig":
      return !has("--help", "--version", "-V");
    case "vim":
    case "vi":
    case "nano":
    case "less":
      // Scripted, vim installs its plugins.
      return (
        command.before !== "|" &&
        !args.some(({ prefix }) => /^(?:-[a-zA-Z]*[eEs]|-c|\+|--headless|--version)/.test(prefix))
      );
    case "mount":
      return !run.flags.some(({ name: flag }) => flag === "security") && args.length > 0;
    case "ssh":
      return !run.mounts.some(({ type }) => type === "ssh" || type === "secret") && !has("-V");
    case "ps":
    case "kill":
      return !course.hasBackground && !usesService;
    case "service":
      return has("start", "restart", "reload") ? course.last <= command.index : !usesService;
    case "systemctl":
      return has("start", "restart", "--now", "reload");
    default:
      return false;
  }
}

function callsForHadolint(script: Script): ProgramCall[] {
  const found = hadolintCommands(script).find(({ name }) => HADOLINT.has(name));
  return programsOf(script).filter(({ command }) => command.index === found?.command.index);
}
