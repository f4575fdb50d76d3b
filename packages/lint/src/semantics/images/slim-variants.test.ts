import { describe, expect, it } from "vitest";
import { parseImageReference } from "./image-reference.ts";
import { slimVariant } from "./slim-variants.ts";

function tagFor(image: string): string | undefined {
  const reference = parseImageReference(image);
  if (reference === undefined) throw new Error(`${image} is no reference.`);
  return slimVariant(reference)?.tag;
}

describe("slim variants", () => {
  it.each([
    ["node", "slim"],
    ["node:latest", "slim"],
    ["node:20", "20-slim"],
    ["node:20-bookworm", "20-bookworm-slim"],
    ["python:3.12", "3.12-slim"],
    ["docker.io/library/python:3.12-bookworm", "3.12-slim-bookworm"],
    ["python:bookworm", "slim-bookworm"],
    ["debian:12", "12-slim"],
    ["debian:bookworm", "bookworm-slim"],
    ["eclipse-temurin:21-jdk-noble", "21-jre-noble"],
    ["eclipse-temurin:21", "21-jre"],
  ])("%s → %s", (image, tag) => {
    expect(tagFor(image)).toBe(tag);
  });

  it.each([
    "node:20-slim",
    "node:20-alpine3.20",
    "python:3.12-windowsservercore",
    "debian",
    "debian:bookworm-slim",
    "debian:bookworm-20240701",
    "eclipse-temurin:21-jre",
    "alpine:3.20",
    "ubuntu:24.04",
    "registry.example.org/node:20",
    "me/python:3.12",
  ])("%s has none", (image) => {
    expect(tagFor(image)).toBeUndefined();
  });
});
