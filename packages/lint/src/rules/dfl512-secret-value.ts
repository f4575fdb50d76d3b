import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { isSecretValue, tellSecretsIn, type TellSecret } from "../semantics/secrets/script-secrets.ts";
import { ANY_SECRET_NAME, isSecretName, mayNameSecrets } from "../semantics/secrets/secret-names.ts";
import { mayHoldSecrets, nextSuspect, secretsIn } from "../semantics/secrets/secret-shapes.ts";
import { mayCall } from "../shell/may-call.ts";
import { mayGivePasswords } from "../shell/programs/password-arguments.ts";
import { countBefore } from "../source/count-before.ts";
import type { Span } from "../source/span.ts";
import type { Dockerfile, Instruction, Word } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL512",
  name: "secret-value",
  category: "secrets",
  severity: "error",
  scope: "all",
  summary: "A secret stands in the file",
  docs: (): RuleDocs => ({
    why: `
      The secret is in the repository, in its history, in the image's configuration or history, and in every cache of
      the build. Take it out **and revoke it**: whoever has seen the file has it. Give it to the step that needs it with
      \`RUN --mount=type=secret\`, or to the container when it starts.

      Known are the tokens of some forty services (AWS, GitHub, GitLab, Slack, Stripe, npm, PyPI, Docker Hub …), private
      keys, JSON Web Tokens, and passwords in addresses, wherever they stand; what looks random beside the name of a
      secret (\`DB_PASSWORD=…\`, \`--token …\`, \`Authorization: Bearer …\`); and passwords that commands are given
      (\`chpasswd\`, \`curl -u\`, \`docker login -p\`, \`mysql -p…\`).
      What stands for a secret (\`<token>\`, \`changeme\`, \`xxxx\`, the examples of manuals) is none, and neither is a
      variable. Comments are not looked at.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM amazon/aws-cli:2.17.0
          ENV AWS_ACCESS_KEY_ID=⟦AKIAZ7Q3M5XW2KLD9PTV⟧
        `,
      },
      {
        title: "In an address.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache git \
              && git clone https://builder:⟦Vw8-ktR2mq⟧@git.example.org/team/app.git
        `,
      },
      {
        title: "By the name beside it.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ARG DB_PASSWORD="⟦pR7-xk2mQw9z⟧"
          RUN curl -fsS -H "Authorization: Bearer ⟦9f86d081884c7d659a2f⟧" https://example.org/tool -o /tool
          RUN ./setup --api-key ⟦q8Zt4LmW1xYv⟧ --level=3
        `,
      },
      {
        title: "A password for the shell.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN echo '⟦root:toor⟧' | chpasswd
          RUN curl -fsSL -u builder:⟦winter⟧ https://example.org/tool -o /tool
        `,
      },
      {
        title: "In a heredoc, too.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          COPY --chmod=600 <<EOF /root/.ssh/id_ed25519
          ⟦-----BEGIN OPENSSH PRIVATE KEY-----⟧
          b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQy
          -----END OPENSSH PRIVATE KEY-----
          EOF
        `,
      },
    ],
    good: [
      {
        title: "What stands for a secret.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx DB_PASSWORD=changeme API_KEY=<your-key>
          ENV AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN --mount=type=secret,id=token,env=TOKEN \
              git clone "https://oauth2:$TOKEN@git.example.org/team/app.git" \
              && curl -fsS -H "Authorization: Bearer \${TOKEN}" https://example.org/tool -o /tool
        `,
      },
      {
        title: "Random, and no secret by its name.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ARG REVISION=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b
          ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568
          RUN key=B97B0AFCAA1A47F044F244A07FCC7D46ACCC4CF8; gpg --batch --recv-keys "$key"
          ENV TOKEN_SHA256=sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
        `,
      },
    ],
  }),
  visit: {
    file(_, context) {
      const { model, dockerfile: file } = context;
      const suspects = suspectsIn(file);
      for (const instruction of file.instructions) {
        const inner = instruction.keyword === "ONBUILD" ? (instruction.inner ?? instruction) : instruction;
        const isSuspect = suspects.has(instruction);
        const mayName = mayNameAny(inner);
        if (!isSuspect && !mayName) continue;
        let told: Span[] | undefined;
        const tell: TellSecret = (at, kind) => {
          told ??= [];
          if (told.length >= ENOUGH || told.some((other) => at.start < other.end && other.start < at.end))
            return;
          told.push(at);
          const stage = model.stageOf(instruction);
          context.report({
            at,
            instruction,
            ...(stage && { stage }),
            message: `This is ${kind}: it is in the repository and in what is built from it, for everybody to read; revoke it, and give its successor to the step with RUN --mount=type=secret, or to the container when it starts.`,
          });
        };
        if (isSuspect) tellShapes(instruction, tell);
        if (mayName) tellNamed(inner, tell, context);
      }
    },
  },
});

/** What a script holds that names a secret, or gives one to a command that reads it. */
const TELLING = new RegExp(`${ANY_SECRET_NAME.source}|--stdin`, "i");

/** Nobody reads on after so many findings in one instruction. */
const ENOUGH = 200;

/** Where a line goes on in the middle of a word, which may be a secret that is nowhere written in one piece. */
const SPLIT_WORD = /\S[\\`][\t\r ]*\n/;

/** The instructions in which something begins like a secret. The whole text is searched at once: most hold nothing. */
function suspectsIn({ source: { text }, instructions }: Dockerfile): ReadonlySet<Instruction> {
  // In few files a line goes on without a blank.
  const suspects = new Set(
    SPLIT_WORD.test(text) ? instructions.filter(({ logical }) => mayHoldSecrets(logical.text)) : [],
  );
  let at = nextSuspect(text, 0);
  while (at !== -1) {
    const place = at;
    const below = countBefore(instructions, ({ logical }) => logical.toFile(0) <= place);
    const suspect = instructions[below - 1];
    if (suspect !== undefined) suspects.add(suspect);
    const next = instructions[below];
    at = next === undefined ? -1 : nextSuspect(text, next.logical.toFile(0));
  }
  return suspects;
}

function tellShapes({ logical, heredocs }: Instruction, tell: TellSecret): void {
  if (mayHoldSecrets(logical.text))
    for (const { kind, start, end } of secretsIn(logical.text)) tell(logical.span(start, end), kind);
  for (const { content, bodySpan } of heredocs) {
    if (!mayHoldSecrets(content)) continue;
    for (const { kind, start, end } of secretsIn(content))
      tell({ start: bodySpan.start + start, end: bodySpan.start + end }, kind);
  }
}

/** Whether an instruction may give a value to the name of a secret, or to a command that reads one. Quick. */
function mayNameAny(instruction: Instruction): boolean {
  switch (instruction.keyword) {
    case "ENV":
    case "ARG":
      return mayNameSecrets(instruction.logical.text);
    case "RUN":
    case "CMD":
    case "ENTRYPOINT":
    case "HEALTHCHECK":
      return mayCall(instruction, TELLING) || mayGivePasswords(instruction);
    default:
      return false;
  }
}

/** What looks random beside the name of a secret. */
function tellNamed(instruction: Instruction, tell: TellSecret, context: RuleContext): void {
  switch (instruction.keyword) {
    case "ENV":
      for (const { key, value } of instruction.pairs) tellValue(key.text, value, tell);
      break;
    case "ARG":
      for (const { name, value } of instruction.declarations)
        if (value !== undefined) tellValue(name.text, value, tell);
      break;
    case "RUN":
    case "CMD":
    case "ENTRYPOINT":
    case "HEALTHCHECK": {
      const script = context.script(instruction);
      if (script !== undefined) tellSecretsIn(script, tell, context.source);
      break;
    }
    default:
  }
}

function tellValue(name: string, word: Word, tell: TellSecret): void {
  if (!isSecretName(name)) return;
  const quoted = /^(?<quote>["'])[^]*\k<quote>$/.test(word.text);
  const value = quoted ? word.slice(1, -1 + word.text.length) : word;
  if (isSecretValue(name, value.text))
    tell(value.span, `the value of ${name}, which looks like a real secret`);
}
