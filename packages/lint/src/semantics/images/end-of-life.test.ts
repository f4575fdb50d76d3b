import { expect, it } from "vitest";
import { endedRelease } from "./end-of-life.ts";
import { parseImageReference } from "./image-reference.ts";

it.each([
  ["debian:buster-slim", "Debian 10 (buster) 2024-06"],
  ["debian:10.13", "Debian 10.13 2024-06"],
  ["debian:9", "Debian 9 2022-06"],
  ["debian:12", undefined],
  ["debian:bookworm", undefined],
  ["debian", undefined],
  ["ubuntu:18.04", "Ubuntu 18.04 2023-05"],
  ["ubuntu:22.04", undefined],
  ["ubuntu:24.04", undefined],
  ["alpine:3.9", "Alpine 3.9 2024-05"],
  ["alpine:3.20", undefined],
  ["alpine:3", undefined],
  ["node:16-alpine", "Node.js 16 2022-06"],
  ["node:21", "Node.js 21 2025-04"],
  ["node:20", undefined],
  ["node:20-buster", "Debian 10 (buster) 2024-06"],
  ["node:22-alpine3.16", "Alpine 3.16 2024-05"],
  ["python:3.7-slim", "Python 3.7 2023-06"],
  ["python:2.7", "Python 2.7 2020-01"],
  ["python:3.12", undefined],
  ["python:3", undefined],
  ["php:7.4-fpm", "PHP 7.4 2022-11"],
  ["php:8-fpm", undefined],
  ["golang:1.9", "Go 1.9 2024-02"],
  ["golang:1.23", undefined],
  ["golang:1", undefined],
  ["centos:7", "CentOS 2024-06"],
  ["openjdk:17-slim", "The image openjdk 2022-07"],
  ["mcr.microsoft.com/dotnet/sdk:6.0-alpine", ".NET 6.0 2024-11"],
  ["mcr.microsoft.com/dotnet/sdk:7.0", ".NET 7.0 2024-11"],
  ["mcr.microsoft.com/dotnet/aspnet:8.0", undefined],
  ["mcr.microsoft.com/dotnet/framework/aspnet:4.8", undefined],
  ["mcr.microsoft.com/dotnet/framework/sdk:4.8-windowsservercore-ltsc2019", undefined],
  ["registry.example.org/debian:10", undefined],
  ["team/node:10", undefined],
])("%s: %s", (text, expected) => {
  const reference = parseImageReference(text);
  const ended = reference && endedRelease(reference);
  expect(ended && `${ended.name} ${ended.ended}`).toBe(expected);
});
