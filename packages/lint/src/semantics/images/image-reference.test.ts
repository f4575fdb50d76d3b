import { expect, test } from "vitest";
import { familyOf } from "./family.ts";
import { parseImageReference } from "./image-reference.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

test.each([
  ["alpine", "docker.io", "library/alpine", undefined, undefined],
  ["docker.io/alpine:3", "docker.io", "library/alpine", "3", undefined],
  ["localhost:5000/a:b", "localhost:5000", "a", "b", undefined],
  ["ghcr.io/Org/x", undefined, undefined, undefined, undefined],
  ["me/app:1.2-rc.1", "docker.io", "me/app", "1.2-rc.1", undefined],
  [`registry.example:5000/a/b:t@${DIGEST}`, "registry.example:5000", "a/b", "t", DIGEST],
  [`a@${DIGEST}`, "docker.io", "library/a", undefined, DIGEST],
  ["a:b:c", undefined, undefined, undefined, undefined],
  ["a@sha256:abc", undefined, undefined, undefined, undefined],
  ["Alpine", undefined, undefined, undefined, undefined],
  ["a//b", undefined, undefined, undefined, undefined],
  ["a:", undefined, undefined, undefined, undefined],
  ["x y", undefined, undefined, undefined, undefined],
  ["", undefined, undefined, undefined, undefined],
])("%s", (text, registry, repository, tag, digest) => {
  const reference = parseImageReference(text);
  expect([reference?.registry, reference?.repository, reference?.tag, reference?.digest]).toEqual([
    registry,
    repository,
    tag,
    digest,
  ]);
});

test.each([
  ["alpine:3", "alpine"],
  ["node:20-alpine", "alpine"],
  ["node:20", "debian"],
  ["python:3-slim-bookworm", "debian"],
  ["ubuntu:24.04", "ubuntu"],
  ["eclipse-temurin:21", "ubuntu"],
  ["gcr.io/distroless/static", "distroless"],
  ["cgr.dev/chainguard/node", "wolfi"],
  ["registry.access.redhat.com/ubi9/ubi-minimal", "rhel"],
  ["fedora:40", "rhel"],
  ["opensuse/leap:15", "suse"],
  ["mcr.microsoft.com/windows/nanoserver:ltsc2022", "windows"],
  ["mcr.microsoft.com/dotnet/sdk:8.0-nanoserver-1809", "windows"],
  ["busybox", "busybox"],
  ["me/node", "unknown"],
])("%s is of the family %s", (text, family) => {
  const reference = parseImageReference(text);
  expect(reference && familyOf(reference)).toBe(family);
});
