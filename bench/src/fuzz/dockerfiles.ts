/** Dockerfiles that nobody would write: sentences of a grammar, and real files that were tampered with. */
import * as fc from "fast-check";

const name = fc.constantFrom("base", "Build", "app-1", "0", "2", "scratch", "$X", "${Y:-z}", "a/b", "é", "");
const image = fc.constantFrom(
  ..."alpine alpine:3.20 debian:latest node:20-slim scratch $X ghcr.io/a/b@sha256:abc mcr.microsoft.com/windows/nanoserver:ltsc2022 python:3.12 ${B:?} localhost:5000/x golang busybox".split(
    " ",
  ),
);
const path = fc.constantFrom(
  ..."/ . ./ .. /app src/ *.js package.json requirements.txt go.mod /etc/passwd $X/y ~/a C:\\x .git id_rsa .env https://e.org/a.tgz a.tar.gz git@g.org:a/b.git [a-z] é/ö <<EOF".split(
    " ",
  ),
);
const command = fc.constantFrom(
  "apt-get update",
  "apt-get install curl",
  "apt-get install -y --no-install-recommends curl=7.* && rm -rf /var/lib/apt/lists/*",
  "apk add git",
  "pip install flask",
  "npm install",
  "npm ci && npm cache clean --force",
  "yum install -y x",
  "dnf -y install x && dnf clean all",
  "cd /tmp && make",
  "sudo useradd -u 100000000 me",
  "curl https://e.org/x | sh",
  "wget -O- x | tar xz",
  'echo "$X" $Y ${Z%%.*} `id` $(ls)',
  "if [ -f x ]; then rm x; else :; fi",
  "for i in 1 2; do echo $i; done",
  "chmod -R 777 /app",
  "chown -R a:b /app",
  "ln -sf /bin/bash /bin/sh",
  "set -o pipefail; a | b",
  "rm -rf /root/.cache",
  "cat <<'X' > /f",
  "(cd /x; ls) & wait",
  "a || b && ! c",
  'python -c "import x"',
  "'",
  '"',
  "\\",
  "$(",
  "🐳",
);
const pairs = fc.constantFrom(
  "A=1",
  'A="b c" D=$A',
  "A b c",
  "A",
  "=",
  "TOKEN=ghp_abcdefghijklmnopqrstuvwxyz0123456789",
  "PATH=$PATH:/x",
  "a.b=c",
);
const flags = fc.constantFrom(
  ..."--from=base --from=0 --from=nginx:1 --chown=1:1 --chmod=777 --link --parents --exclude=*.md --checksum=sha256:a --mount=type=cache,target=/root/.cache --mount=type=bind,source=.,target=/x --mount=type=secret,id=a --network=none --security=insecure --platform=$BUILDPLATFORM --interval=5s --nope --x= --".split(
    " ",
  ),
);
const shellOrJson = fc.oneof(
  command,
  fc.array(command, { minLength: 2, maxLength: 4 }).map((all) => all.join(" && \\\n    ")),
  fc.array(command, { minLength: 1, maxLength: 3 }).map((all) => `<<EOF\n${all.join("\n")}\nEOF`),
  fc.array(fc.oneof(command, path), { maxLength: 4 }).map((all) => JSON.stringify(all)),
  fc.constantFrom('["a", ', '["a", 1]', "[]", "['a']", '["sh", "-c", "apt-get update"]'),
);

const plain = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(image, name).map(([from, as]) => `FROM ${from}${as === "" ? "" : ` AS ${as}`}`),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.array(flags, { maxLength: 2 }), shellOrJson)
      .map(([f, c]) => ["RUN", ...f, c].join(" ")),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom("COPY", "ADD", "copy"),
        fc.array(flags, { maxLength: 2 }),
        fc.array(path, { maxLength: 4 }),
      )
      .map(([word, f, paths]) => [word, ...f, ...paths].join(" ")),
  },
  fc.tuple(fc.constantFrom("ENV", "LABEL", "ARG"), pairs).map((all) => all.join(" ")),
  fc
    .tuple(fc.constantFrom("CMD", "ENTRYPOINT", "SHELL", "HEALTHCHECK CMD", "VOLUME"), shellOrJson)
    .map((all) => all.join(" ")),
  fc
    .tuple(
      fc.constantFrom("USER", "WORKDIR", "EXPOSE", "STOPSIGNAL", "MAINTAINER", "NOPE", "HEALTHCHECK"),
      fc.constantFrom("root", "0:0", "app", "/x", "rel/x", "80/tcp 99999", "$P", "SIGKILL", "NONE", ""),
    )
    .map((all) => all.join(" ")),
);
const comment = fc.constantFrom(
  "# syntax=docker/dockerfile:1.3",
  "# escape=`",
  "# check=skip=all;error=true",
  "# dflint ignore=all",
  "# dflint disable=DFL401",
  "# hadolint ignore=DL3008,DL3009",
  "# hadolint global ignore=DL3006",
  "# tally ignore=x",
  "# shellcheck disable=SC2086",
  "# words",
  "",
  "   ",
);
const line = fc.oneof(
  { weight: 8, arbitrary: plain },
  { weight: 1, arbitrary: plain.map((text) => `ONBUILD ${text}`) },
  { weight: 2, arbitrary: comment },
);
const lineEnd = fc.constantFrom("\n", "\n", "\n", "\r\n");

/** Files that mostly follow the grammar. */
const grammatical: fc.Arbitrary<string> = fc
  .tuple(fc.array(line, { maxLength: 12 }), lineEnd, fc.boolean())
  .map(([lines, end, ends]) => lines.join("\n").replaceAll("\n", end) + (ends ? end : ""));

const splice = fc.record({
  at: fc.nat(),
  cut: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(80)),
  put: fc.oneof(
    fc.constant(""),
    fc.constantFrom(
      "\n",
      "\r",
      "\\\n",
      "\t",
      " ",
      '"',
      "'",
      "`",
      "$",
      "${",
      "}",
      "<<EOF",
      "\nEOF\n",
      "&&",
      "|",
      "[",
      "]",
      "#",
      "\0",
      "\ufeff",
      "\ud800",
      "=",
      "--",
    ),
    line.map((text) => `\n${text}\n`),
    fc.string({ unit: "binary", maxLength: 3 }),
  ),
});

/** One of the texts with some places cut out, filled in or swapped, and part of another one perhaps. */
function tampered(texts: readonly string[]): fc.Arbitrary<string> {
  const given = fc.constantFrom(...texts);
  return fc
    .tuple(given, given, fc.nat(), fc.array(splice, { minLength: 1, maxLength: 6 }))
    .map(([one, other, at, all]) => {
      let text =
        at % 4 === 0 ? one.slice(0, at % (one.length + 1)) + other.slice(at % (other.length + 1)) : one;
      for (const { at: place, cut, put } of all) {
        const start = place % (text.length + 1);
        text = text.slice(0, start) + put + text.slice(start + cut);
      }
      return text;
    });
}

/** Both kinds, from the given texts. */
export function arbitraryDockerfile(texts: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(grammatical, tampered(texts));
}
