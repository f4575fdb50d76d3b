/**
 * What the study notes teach, as Dockerfiles: each lesson is reported where it is violated, and nothing at all where it
 * is kept.
 */
import { describe, expect, it } from "vitest";
import { exampleContext } from "./linter/example.ts";
import { Linter, type LintResult } from "./linter/linter.ts";
import { dockerfile } from "./linter/rule.ts";
import { rules } from "./rules/index.ts";

type Files = Readonly<Record<string, string | number>>;

interface Lesson {
  readonly lesson: string;
  /** The rule that reports it, and the words that it reports. */
  readonly rule: string;
  readonly at: string;
  readonly violated: string;
  readonly violatedFiles?: Files;
  readonly kept: string;
  readonly keptFiles?: Files;
}

const linter = new Linter(rules);

function lint(text: string, files?: Files): LintResult {
  return linter.lint({ text, context: exampleContext(files === undefined ? {} : { files }) });
}

function reported({ diagnostics }: LintResult, text: string): string[] {
  return diagnostics.map(({ rule, span }) => `${rule} ${text.slice(span.start, span.end)}`);
}

const lessons: readonly Lesson[] = [
  {
    lesson: "What changes often goes last: the manifest, the install, then the source",
    rule: "DFL101",
    at: "COPY . .",
    violated: dockerfile`
      FROM node:20-slim
      WORKDIR /app
      COPY . .
      RUN npm ci --omit=dev
      USER node
      CMD ["node", "server.js"]
    `,
    kept: dockerfile`
      FROM node:20-slim
      WORKDIR /app
      COPY package.json package-lock.json ./
      RUN npm ci --omit=dev && npm cache clean --force
      COPY . .
      USER node
      CMD ["node", "server.js"]
    `,
  },
  {
    lesson: "What changes often goes last: values of the build below the packages",
    rule: "DFL102",
    at: "GIT_SHA",
    violated: dockerfile`
      FROM alpine:3.20
      ARG GIT_SHA
      RUN apk add --no-cache tini
      LABEL org.opencontainers.image.revision=$GIT_SHA
      USER 10001
      CMD ["tini", "--", "sleep", "60"]
    `,
    kept: dockerfile`
      FROM alpine:3.20
      RUN apk add --no-cache tini
      ARG GIT_SHA
      LABEL org.opencontainers.image.revision=$GIT_SHA
      USER 10001
      CMD ["tini", "--", "sleep", "60"]
    `,
  },
  {
    lesson: "Update and install belong in one RUN",
    rule: "DFL103",
    at: "apt-get update",
    violated: dockerfile`
      FROM debian:12-slim
      RUN apt-get update
      RUN apt-get install -y --no-install-recommends tini
      USER 10001
    `,
    kept: dockerfile`
      FROM debian:12-slim
      RUN apt-get update \
          && apt-get install -y --no-install-recommends tini \
          && rm -rf /var/lib/apt/lists/*
      USER 10001
    `,
  },
  {
    lesson: "One RUN for what belongs together",
    rule: "DFL106",
    at: "RUN",
    violated: dockerfile`
      FROM alpine:3.20
      RUN apk add --no-cache tini
      RUN apk add --no-cache tzdata
      USER 10001
    `,
    kept: dockerfile`
      FROM alpine:3.20
      RUN apk add --no-cache tini tzdata
      USER 10001
    `,
  },
  {
    lesson: "No package cache stays in a layer: apk",
    rule: "DFL401",
    at: "apk add",
    violated: dockerfile`
      FROM alpine:3.20
      RUN apk add tini
      USER 10001
    `,
    kept: dockerfile`
      FROM alpine:3.20
      RUN apk add --no-cache tini
      USER 10001
    `,
  },
  {
    lesson: "No package cache stays in a layer: pip",
    rule: "DFL402",
    at: "pip install",
    violated: dockerfile`
      FROM python:3.12-slim
      WORKDIR /app
      COPY requirements.txt .
      RUN pip install -r requirements.txt
      USER 10001
    `,
    kept: dockerfile`
      FROM python:3.12-slim
      WORKDIR /app
      COPY requirements.txt .
      RUN pip install --no-cache-dir -r requirements.txt
      USER 10001
    `,
  },
  {
    lesson: "The lists of apt go in the RUN that loads them",
    rule: "DFL405",
    at: "apt-get update",
    violated: dockerfile`
      FROM debian:12-slim
      RUN apt-get update && apt-get install -y --no-install-recommends tini
      USER 10001
    `,
    kept: dockerfile`
      FROM debian:12-slim
      RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
      USER 10001
    `,
  },
  {
    lesson: "COPY rather than ADD for local files",
    rule: "DFL431",
    at: "ADD",
    violated: dockerfile`
      FROM alpine:3.20
      ADD app.sh /usr/local/bin/
      USER 10001
    `,
    kept: dockerfile`
      FROM alpine:3.20
      COPY app.sh /usr/local/bin/
      USER 10001
    `,
  },
  {
    lesson: "What ADD loads from a URL cannot be told changed or not",
    rule: "DFL432",
    at: "https://example.org/tool",
    violated: dockerfile`
      FROM alpine:3.20
      ADD https://example.org/tool /usr/local/bin/tool
      USER 10001
    `,
    kept: dockerfile`
      FROM alpine:3.20
      ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/tool /usr/local/bin/tool
      USER 10001
    `,
  },
  {
    lesson: "USER is set",
    rule: "DFL501",
    at: "alpine:3.20",
    violated: dockerfile`
      FROM alpine:3.20
      CMD ["sleep", "60"]
    `,
    kept: dockerfile`
      FROM alpine:3.20
      USER 10001
      CMD ["sleep", "60"]
    `,
  },
  {
    lesson: "A slim base",
    rule: "DFL207",
    at: "python:3.12",
    violated: dockerfile`
      FROM python:3.12
      COPY app.py /
      USER 10001
      CMD ["python", "/app.py"]
    `,
    kept: dockerfile`
      FROM python:3.12-slim
      COPY app.py /
      USER 10001
      CMD ["python", "/app.py"]
    `,
  },
  {
    lesson: "Build tools stay behind in a build stage",
    rule: "DFL307",
    at: "golang:1.23-alpine",
    violated: dockerfile`
      FROM golang:1.23-alpine
      WORKDIR /src
      COPY go.mod go.sum ./
      RUN go mod download
      COPY . .
      RUN go build -o /app .
      USER 10001
      CMD ["/app"]
    `,
    kept: dockerfile`
      FROM golang:1.23-alpine AS build
      WORKDIR /src
      COPY go.mod go.sum ./
      RUN go mod download
      COPY . .
      RUN go build -o /app .
      FROM scratch
      COPY --from=build /app /app
      USER 10001
      CMD ["/app"]
    `,
  },
  {
    lesson: "A .dockerignore keeps what is not wanted out",
    rule: "DFL601",
    at: ".",
    violatedFiles: { "app.py": "", ".git/HEAD": "", ".env": "TOKEN=1" },
    violated: dockerfile`
      FROM python:3.12-slim
      COPY . /app
      USER 10001
    `,
    keptFiles: { "app.py": "", ".git/HEAD": "", ".env": "TOKEN=1", ".dockerignore": ".git\n.env\n" },
    kept: dockerfile`
      FROM python:3.12-slim
      COPY . /app
      USER 10001
    `,
  },
  {
    lesson: "The .dockerignore names .git",
    rule: "DFL602",
    at: ".",
    violatedFiles: { "app.py": "", ".git/HEAD": "", ".dockerignore": "*.md\n" },
    violated: dockerfile`
      FROM python:3.12-slim
      COPY . /app
      USER 10001
    `,
    keptFiles: { "app.py": "", ".git/HEAD": "", ".dockerignore": "*.md\n.git\n" },
    kept: dockerfile`
      FROM python:3.12-slim
      COPY . /app
      USER 10001
    `,
  },
  {
    lesson: "The .dockerignore names secrets",
    rule: "DFL603",
    at: ".",
    violatedFiles: { "app.py": "", id_ed25519: 400, ".dockerignore": ".git\n" },
    violated: dockerfile`
      FROM python:3.12-slim
      COPY . /app
      USER 10001
    `,
    keptFiles: { "app.py": "", id_ed25519: 400, ".dockerignore": "id_*\n" },
    kept: dockerfile`
      FROM python:3.12-slim
      COPY . /app
      USER 10001
    `,
  },
  {
    lesson: "The .dockerignore names node_modules",
    rule: "DFL604",
    at: ".",
    violatedFiles: { "package.json": "{}", "node_modules/a/index.js": 10, ".dockerignore": ".git\n" },
    violated: dockerfile`
      FROM node:20-slim
      WORKDIR /app
      COPY package.json ./
      RUN npm install
      COPY . .
      USER node
    `,
    keptFiles: { "package.json": "{}", "node_modules/a/index.js": 10, ".dockerignore": "node_modules\n" },
    kept: dockerfile`
      FROM node:20-slim
      WORKDIR /app
      COPY package.json ./
      RUN npm install && npm cache clean --force
      COPY . .
      USER node
    `,
  },
  {
    lesson: "An ARG is scoped: one before FROM is not seen in the stage",
    rule: "DFL704",
    at: "$VERSION",
    violated: dockerfile`
      ARG VERSION=1.2
      FROM alpine:3.20
      LABEL version=$VERSION
      USER 10001
    `,
    kept: dockerfile`
      ARG VERSION=1.2
      FROM alpine:3.20
      ARG VERSION
      LABEL version=$VERSION
      USER 10001
    `,
  },
  {
    lesson: "ENV wins over ARG",
    rule: "DFL705",
    at: "MODE",
    violated: dockerfile`
      FROM alpine:3.20
      ENV MODE=production
      ARG MODE=debug
      RUN echo "$MODE" > /mode
      USER 10001
    `,
    kept: dockerfile`
      FROM alpine:3.20
      ARG MODE=debug
      ENV MODE=$MODE
      RUN echo "$MODE" > /mode
      USER 10001
    `,
  },
  {
    lesson: "A tag is pinned: none at all",
    rule: "DFL201",
    at: "alpine",
    violated: dockerfile`
      FROM alpine
      USER 10001
    `,
    kept: dockerfile`
      FROM alpine:3.20
      USER 10001
    `,
  },
  {
    lesson: "A tag is pinned: latest",
    rule: "DFL202",
    at: "latest",
    violated: dockerfile`
      FROM alpine:latest
      USER 10001
    `,
    kept: dockerfile`
      FROM alpine:3.20.3
      USER 10001
    `,
  },
  {
    lesson: "A file deleted in a later layer leaves a whiteout and its bytes",
    rule: "DFL104",
    at: "/tmp/data.tar",
    violated: dockerfile`
      FROM alpine:3.20
      COPY data.tar /tmp/
      RUN tar -xf /tmp/data.tar -C /srv && rm /tmp/data.tar
      USER 10001
    `,
    kept: dockerfile`
      FROM alpine:3.20
      RUN --mount=type=bind,source=data.tar,target=/tmp/data.tar tar -xf /tmp/data.tar -C /srv
      USER 10001
    `,
  },
  {
    lesson: "A file changed in a later layer is copied up whole",
    rule: "DFL105",
    at: "chmod 755 /srv/model.bin",
    violated: dockerfile`
      FROM alpine:3.20
      COPY model.bin /srv/
      RUN chmod 755 /srv/model.bin
      USER 10001
    `,
    kept: dockerfile`
      FROM alpine:3.20
      COPY --chmod=755 model.bin /srv/
      USER 10001
    `,
  },
];

describe.each(lessons)("$lesson", ({ rule, at, violated, violatedFiles, kept, keptFiles }) => {
  it("is reported where it is violated", () => {
    expect(reported(lint(violated, violatedFiles), violated)).toContain(`${rule} ${at}`);
  });

  it("is silent where it is kept", () => {
    expect(reported(lint(kept, keptFiles), kept)).toEqual([]);
  });
});

describe("the Dockerfiles of the notes", () => {
  it("reports unpinned, unclean apt steps in (a)", () => {
    const text = dockerfile`
      FROM ubuntu
      RUN apt-get update
      RUN apt-get install -y curl
      COPY app.sh /app.sh
      CMD ["/app.sh"]
    `;
    const found = reported(lint(text), text);
    expect(found).toContain("DFL201 ubuntu");
    expect(found).toContain("DFL103 apt-get update");
    expect(found).toContain("DFL405 apt-get update");
    expect(found).toContain("DFL408 apt-get install");
    expect(found).toContain("DFL501 ubuntu");
  });

  it("reports the order, the split steps and the doubled sign in (b)", () => {
    const text = dockerfile`
      FROM node:20
      COPY . /app
      WORKDIR /app
      RUN npm ci
      RUN npm run build
      ENV PORT==3000
      EXPOSE 3000
      CMD ["node", "dist/server.js"]
    `;
    const result = lint(text);
    const found = reported(result, text);
    expect(found).toContain("DFL101 COPY . /app");
    expect(found).toContain("DFL106 RUN");
    expect(found).toContain("DFL501 node:20");
    expect(result.diagnostics.some(({ message }) => message.includes('"=3000"'))).toBe(true);
    const order = result.diagnostics.find(({ rule }) => rule === "DFL101");
    expect(order?.message).toContain("package.json and package-lock.json");
    expect(order?.message).toContain("npm ci (line 4)");
  });

  it("has nothing to say about (c)", () => {
    const text = dockerfile`
      FROM python:3.12-slim
      WORKDIR /app
      COPY requirements.txt .
      RUN pip install --no-cache-dir -r requirements.txt
      COPY . .
      USER 10001
      EXPOSE 8000
      CMD ["python", "app.py"]
    `;
    expect(reported(lint(text), text)).toEqual([]);
  });
});
