import { expect, it } from "vitest";
import { Linter } from "../linter/linter.ts";
import { rule } from "./dfl512-secret-value.ts";

const linter = new Linter([rule], {});

it.each([
  "RUN git clone https://builder:\\\nVw8-ktR2mq@git.example.org/team/app.git",
  "RUN git clone https://builder:Vw8-kt\\ \r\nR2mq@git.example.org/team/app.git",
  "RUN git clone https://builder:Vw8-kt\\\n# why\nR2mq@git.example.org/team/app.git",
  "ONBUILD RUN git clone https://builder:\\\nVw8-ktR2mq@git.example.org/team/app.git",
])("finds a secret that goes on in the next line: %j", (text) => {
  const { diagnostics } = linter.lint({ text: `FROM alpine:3.20\n${text}\n` });
  expect(diagnostics.map(({ instruction }) => instruction)).toHaveLength(1);
});

it("finds one in the line after a comment that looks like one", () => {
  const text = "FROM alpine:3.20\n# https://a:\nENV A=https://builder:Vw8-ktR2mq@git.example.org/x\n";
  expect(linter.lint({ text }).diagnostics).toHaveLength(1);
});
