/** Fixes that a person asked for may change what is built as their pages say: they neither break it nor change more. */
import { describe, expect, test } from "vitest";
import { fix } from "../index.ts";
import { exampleContext } from "../linter/example.ts";

const file = (...lines: readonly string[]): string => `${lines.join("\n")}\n`;

function fixed(rule: string, text: string): string {
  return fix({ text, preset: "strict", only: [rule], applicability: "unsafe" }).text;
}

describe("left alone is", () => {
  test.each([
    [
      "a COPY as an owner that is another below",
      "DFL101",
      "node",
      "ARG O=a|COPY --chown=$O . .|ARG O=b|RUN npm ci",
    ],
    ["a COPY with --parents", "DFL101", "python", "COPY --parents . /srv|RUN pip install -r /srv/a/prod.txt"],
    [
      "a project in another folder",
      "DFL101",
      "maven",
      "WORKDIR /app|COPY . .|RUN mvn -f sub/pom.xml package",
    ],
    ["an install of one of several projects", "DFL101", "node", "WORKDIR /app|COPY . .|RUN npm ci -w web"],
    ["a value that is set again", "DFL102", "debian", "ENV GIT_SHA=1|ENV GIT_SHA=2|RUN apt-get install -y a"],
    [
      "one made of a value that is set again",
      "DFL102",
      "debian",
      "ARG GIT_SHA=$B|ARG B=2|RUN apt-get install -y a",
    ],
    [
      "one that a last word follows",
      "DFL102",
      "debian",
      "ARG GIT_SHA|ENV A=$GIT_SHA|ENV A=x|RUN apt-get install -y a",
    ],
    [
      "a label of two values",
      "DFL102",
      "debian",
      "ARG GIT_SHA|LABEL a=$GIT_SHA|LABEL a=x|RUN apt-get install -y a",
    ],
    [
      "one that a heredoc reads",
      "DFL102",
      "debian",
      "ARG GIT_SHA|RUN <<EOF|apt-get install -y a-$GIT_SHA|EOF|RUN true",
    ],
    [
      "one that a program reads by its name",
      "DFL102",
      "debian",
      "ARG GIT_SHA|RUN apt-get install -y a && printenv GIT_SHA",
    ],
    [
      "one among all that a RUN shows",
      "DFL102",
      "debian",
      "ARG GIT_SHA|RUN apt-get install -y a && env > /env",
    ],
    [
      "a compiler that a later RUN starts",
      "DFL307",
      "alpine",
      "RUN apk add --no-cache gcc && gcc a.c|RUN gcc b.c|CMD a",
    ],
    [
      "a compiler that a later RUN may start",
      "DFL307",
      "alpine",
      "RUN apk add --no-cache gcc && gcc a.c|RUN pip install --no-cache-dir x|CMD a",
    ],
    [
      "a compiler that a stage above needs",
      "DFL307",
      "alpine",
      "FROM alpine:1 AS a|RUN apk add --no-cache gcc && gcc a.c|FROM a|RUN make|CMD a",
    ],
    [
      "a compiler in a group with what runs",
      "DFL307",
      "alpine",
      "RUN apk add --no-cache -t .all gcc git && gcc a.c|CMD a",
    ],
    [
      "what a stage above builds with",
      "DFL417",
      "node",
      "FROM node:1 AS a|RUN npm ci|FROM a AS b|RUN npm run build|FROM a|COPY --from=b /d /d",
    ],
    [
      "a heredoc for a shell without pipefail",
      "DFL830",
      "debian",
      "RUN <<EOF sh|curl x | tar x|EOF|RUN true",
    ],
    [
      "a heredoc that names such a shell",
      "DFL830",
      "debian",
      "RUN <<EOF|#!/bin/sh|curl x | tar x|EOF|RUN true",
    ],
    [
      "a cache in a home that is set by a script",
      "DFL409",
      "python",
      "RUN HOME=/srv pip install -r requirements.txt",
    ],
    [
      "a cache in a home that is not known",
      "DFL409",
      "python",
      "ARG HOME|RUN pip install -r requirements.txt",
    ],
    [
      "a file of a mount",
      "DFL105",
      "debian",
      "COPY a /opt/a|RUN --mount=type=bind,target=/opt,rw chmod 700 /opt/a",
    ],
    [
      "a state that outlives a wrapper",
      "DFL103",
      "debian",
      "RUN command cd /x; apt-get update|RUN apt-get install -y a",
    ],
    ["what was set for $1", "DFL103", "debian", "RUN set -- a; apt-get update|RUN apt-get install -y $1"],
    [
      "a file whose mode is changed",
      "DFL104",
      "debian",
      "COPY i.sh /i.sh|RUN chmod +x /i.sh && /i.sh && rm /i.sh",
    ],
    [
      "a file that is edited",
      "DFL104",
      "debian",
      "COPY i.sh /i.sh|RUN sed -i s/a/b/ /i.sh && sh /i.sh && rm /i.sh",
    ],
    [
      "a file that is written to",
      "DFL104",
      "debian",
      "COPY i.sh /i.sh|RUN echo >> /i.sh && sh /i.sh && rm /i.sh",
    ],
    ["a folder that is built in", "DFL104", "debian", "COPY src /src|RUN cd /src && make && rm -rf /src"],
    [
      "a folder that is named to a build",
      "DFL104",
      "debian",
      "COPY src /src|RUN make -C /src && rm -rf /src",
    ],
    [
      "a file that has to be gone",
      "DFL104",
      "debian",
      "COPY a.deb /|RUN dpkg -i /a.deb && rm /a.deb && ! ls /a.deb",
    ],
    [
      "an archive that is used again",
      "DFL433",
      "debian",
      "COPY a.tgz /t/|RUN tar xf /t/a.tgz -C /o && ls /t/a.tgz",
    ],
    [
      "an archive that a later RUN uses",
      "DFL433",
      "debian",
      "COPY a.tgz /t/|RUN tar xf /t/a.tgz -C /o|RUN ls /t/a.tgz",
    ],
    [
      "an archive that a user unpacks",
      "DFL433",
      "debian",
      "USER app|COPY a.tgz /t/|RUN tar xf /t/a.tgz -C /o",
    ],
    ["a cd whose redirect would go with it", "DFL821", "debian", "RUN cd /a > /log && ls"],
    ["a cd whose assignment would go with it", "DFL821", "debian", "RUN A=1 cd /a && ls"],
  ])("%s", (_, rule, base, lines) => {
    const text = file(`FROM ${base}:1`, ...lines.split("|"));
    expect(fixed(rule, text)).toBe(text);
  });
});

test("DFL101: what installs the source itself stays below it", () => {
  const before = file(
    "FROM python:3",
    "WORKDIR /app",
    "COPY . .",
    "RUN pip install -r a.txt && pip install .",
  );
  expect(fixed("DFL101", before)).toBe(
    file(
      "FROM python:3",
      "WORKDIR /app",
      "COPY a.txt ./",
      "RUN pip install -r a.txt",
      "COPY . .",
      "RUN pip install .",
    ),
  );
});

test("DFL101: lists that pip may be told to include go with the one that is named", () => {
  const text = file("FROM python:3", "WORKDIR /app", "COPY . .", "RUN pip install -r requirements-dev.txt");
  const files = ["requirements.txt", "requirements-dev.txt", "constraints.txt", "notes.txt", "setup.py"];
  const context = exampleContext({ files: Object.fromEntries(files.map((name) => [name, 1])) });
  const { text: after } = fix({ text, context, only: ["DFL101"], applicability: "suggestion" });
  expect(after).toContain("\nCOPY requirements-dev.txt constraints.txt requirements.txt ./\nRUN");
});

test("DFL307: a group of tools goes as a group", () => {
  const text = file("FROM alpine:3", "RUN apk add --no-cache -t .build gcc musl-dev && gcc a.c", "CMD a");
  expect(fixed("DFL307", text)).toContain("&& gcc a.c && apk del .build\n");
});

test("DFL409: the cache lies in the home that ENV names", () => {
  const text = file("FROM node:1", "ENV HOME=/srv", "RUN npm ci");
  expect(fixed("DFL409", text)).toContain("RUN --mount=type=cache,target=/srv/.npm npm ci\n");
});

test.each([
  ["npm ci", "DFL403"],
  ["pip install -r requirements.txt", "DFL402"],
])("a cache is mounted or emptied, not both: %s", (command, other) => {
  const text = file("FROM node:1", `RUN ${command}`);
  for (const one of [text, text.trimEnd()]) {
    const { applied } = fix({
      text: one,
      preset: "strict",
      only: ["DFL409", other],
      applicability: "unsafe",
    });
    expect(applied).toHaveLength(1);
  }
});

test("DFL104: a file that is only read is lent", () => {
  const before = file(
    "FROM debian:12",
    "COPY a.tgz /tmp/",
    "RUN tar xf /tmp/a.tgz && rm /tmp/a.tgz && ls /tmp",
  );
  expect(fixed("DFL104", before)).toBe(
    file(
      "FROM debian:12",
      "RUN --mount=type=bind,source=a.tgz,target=/tmp/a.tgz \\",
      "    tar xf /tmp/a.tgz && ls /tmp",
    ),
  );
});

test("DFL821: of two relative folders the second does not end up in the first", () => {
  const before = file("FROM debian:12", "WORKDIR /a", "RUN cd b && ls", "RUN cd b && ls");
  expect(fixed("DFL821", before)).toBe(
    file("FROM debian:12", "WORKDIR /a", "RUN cd b && ls", "WORKDIR b", "RUN ls"),
  );
});

test.each([
  ['["/bin/bash", "-eu", "-c"]', '["/bin/bash", "-eu", "-o", "pipefail", "-c"]'],
  ['["/bin/bash", "-euc"]', '["/bin/bash", "-o", "pipefail", "-euc"]'],
])("DFL830: the options of SHELL %s stay", (shell, after) => {
  const before = file("FROM debian:12", `SHELL ${shell}`, "RUN a | b");
  expect(fixed("DFL830", before)).toBe(
    file("FROM debian:12", `SHELL ${shell}`, `SHELL ${after}`, "RUN a | b"),
  );
});

test("DFL830: a heredoc for another shell begins with the option", () => {
  const before = (option: string): string =>
    file("FROM debian:12", "RUN <<EOF", "#!/bin/bash", ...[option], "curl x | tar x", "EOF", "RUN true");
  expect(fixed("DFL830", before("").replace("\n\n", "\n"))).toBe(before("set -o pipefail"));
  // That of another shell does not wait for it.
  const other = file("FROM debian:12", "RUN <<EOF bash", "a | b", "EOF", "RUN a | b");
  expect(fixed("DFL830", other)).toBe(
    file(
      "FROM debian:12",
      "RUN <<EOF bash",
      "set -o pipefail",
      "a | b",
      "EOF",
      'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
      "RUN a | b",
    ),
  );
});

test("DFL830: what hadolint asks for in each stage is written there as it was", () => {
  const shell = 'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]';
  const text = file("FROM debian:12 AS base", shell, "FROM base", "RUN a | b");
  const { text: after } = fix({ text, preset: "hadolint", only: ["DFL830"], applicability: "suggestion" });
  expect(after).toBe(file("FROM debian:12 AS base", shell, "FROM base", shell, "RUN a | b"));
});

test("DFL831: a RUN that installs the shell still runs in the one of before", () => {
  const before = file("FROM alpine:3", "RUN apk add bash && ln -sf bash /bin/sh", "RUN a");
  expect(fixed("DFL831", before)).toBe(
    file("FROM alpine:3", "RUN apk add bash", 'SHELL ["/bin/bash", "-c"]', "RUN a"),
  );
});

test("DFL831: the options of a SHELL that is chosen already stay", () => {
  const shell = 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]';
  const before = file(
    "FROM debian:12",
    shell,
    "RUN ln -sf bash /bin/sh",
    "RUN a && ln -sf bash /bin/sh",
    "RUN a",
  );
  expect(fixed("DFL831", before)).toBe(file("FROM debian:12", shell, "RUN a", "RUN a"));
});

test("DFL607: doubled, a separator of Windows is one as well", () => {
  const context = exampleContext({ files: {}, dockerignore: "src\\\\a.js\ndist\\b.js\n" });
  const { ignoreText } = fix({
    text: "FROM debian:12\n",
    context,
    only: ["DFL607"],
    applicability: "suggestion",
  });
  expect(ignoreText).toBe("src/a.js\ndist/b.js\n");
});
