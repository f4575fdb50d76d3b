import { expect, it } from "vitest";
import { Linter } from "../linter/linter.ts";
import { rule } from "./dfl701-undefined-variable.ts";

it("reads a dollar that a JSON array holds as an escape", () => {
  const text = 'FROM alpine:3.20\nCOPY ["\\u0024NAME", "/srv/"]\n';
  const found = new Linter([rule]).lint({ text }).diagnostics;
  expect(found.map(({ span }) => text.slice(span.start, span.end))).toEqual(["\\u0024NAME"]);
});

it.each([
  ["mcr.microsoft.com/dotnet/aspnet:8.0", "USER $APP_UID"],
  ["public.ecr.aws/lambda/python:3.12", "COPY app.py ${LAMBDA_TASK_ROOT}"],
  ["quay.io/jupyter/base-notebook:2024-06-17", "USER ${NB_UID}"],
  ["mambaorg/micromamba:1.5", "COPY --chown=$MAMBA_USER env.yaml /tmp/"],
  ["mirror.example.org/golang:1.23", "WORKDIR $GOPATH/src"],
])("knows what %s defines, under the preset buildkit, too", (image, use) => {
  for (const preset of ["recommended", "buildkit"] as const) {
    const linter = new Linter([rule], { preset });
    expect(linter.lint({ text: `FROM ${image}\n${use}\n` }).diagnostics).toEqual([]);
    const text = `FROM debian:12\n${use}\n`;
    expect(linter.lint({ text }).diagnostics).toHaveLength(1);
  }
});
