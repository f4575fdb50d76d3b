import { describe, expect, it } from "vitest";
import { parseDockerfile } from "../../syntax/parser.ts";
import { analyse } from "../analyse.ts";
import { hasPrivilegeDrop, leavesRoot } from "./privilege-drop.ts";

function lastStage(text: string): NonNullable<ReturnType<typeof analyse>["target"]> {
  const { target } = analyse(parseDockerfile(text));
  if (target === undefined) throw new Error("The text has no stage.");
  return target;
}

describe("images that leave root", () => {
  it.each([
    ["postgres:16", true],
    ["docker.io/library/nginx:1.27-alpine", true],
    ["gcr.io/distroless/base-debian12:nonroot", true],
    ["nginxinc/nginx-unprivileged:1.27", true],
    ["bitnami/redis:7", true],
    ["cgr.dev/chainguard/python:latest", true],
    ["gcr.io/distroless/base-debian12", false],
    ["registry.example.org/postgres:16", false],
    ["docker.elastic.co/elasticsearch/elasticsearch:8.14.1", true],
    ["registry.access.redhat.com/ubi9/nodejs-20:1", true],
    ["registry.access.redhat.com/ubi9/ubi-minimal:9.4", false],
    ["mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled", true],
    ["public.ecr.aws/lambda/python:3.12", true],
    ["amazon/aws-lambda-nodejs:20", true],
    ["php:8.3-apache", true],
    ["php:8.3-fpm-alpine", true],
    ["php:8.3-cli", false],
    ["lscr.io/linuxserver/sonarr:4", true],
    ["postgis/postgis:16-3.4", true],
    ["node:20", false],
    ["ubuntu", false],
  ])("%s: %s", (image, leaves) => {
    expect(leavesRoot(lastStage(`FROM ${image}\n`).image)).toBe(leaves);
  });
});

describe("stages that bring a tool to leave root", () => {
  it.each([
    ["RUN apk add --no-cache su-exec", true],
    ['ENTRYPOINT ["/usr/local/bin/gosu", "app", "/server"]', true],
    ["COPY --from=tools /gosu /usr/local/bin/gosu", true],
    ["RUN <<EOF\nexec setpriv --reuid=1 id\nEOF", true],
    [
      "ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.0/s6-overlay-noarch.tar.xz /tmp",
      true,
    ],
    ['ENTRYPOINT ["/s6-init"]', true],
    ["RUN echo gosufix", false],
    ["LABEL uses=gosu", false],
  ])("%s", (instruction, found) => {
    expect(hasPrivilegeDrop(lastStage(`FROM debian:12\n${instruction}\n`))).toBe(found);
  });

  it("looks at the stages below, too", () => {
    expect(hasPrivilegeDrop(lastStage("FROM debian:12 AS b\nRUN apt-get install -y gosu\nFROM b\n"))).toBe(
      true,
    );
    expect(
      hasPrivilegeDrop(lastStage("FROM debian:12 AS b\nRUN apt-get install -y gosu\nFROM debian:12\n")),
    ).toBe(false);
  });
});
