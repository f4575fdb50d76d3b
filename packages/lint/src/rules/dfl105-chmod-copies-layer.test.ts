import { expect, it } from "vitest";
import { Linter } from "../linter/linter.ts";
import { rule } from "./dfl105-chmod-copies-layer.ts";

const messages = (text: string): string[] =>
  new Linter([rule]).lint({ text }).diagnostics.map(({ message }) => message);

it.each([
  ["COPY run.sh /run.sh\nRUN chmod 755 /run.sh", "write COPY --chmod=755 in line 2."],
  [
    "COPY . /app\nRUN chmod +x /app/bin/run",
    "set the mode in the repository (git update-index --chmod=+x), or",
  ],
  ["COPY . /app\nRUN chown -R app /app/var", "copy it by a COPY of its own with --chown=app."],
  [
    "COPY . /app\nRUN useradd app && chown -R app /app",
    "make the user above line 2, and write COPY --chown=app there.",
  ],
])("advises what can be done: %s", (body, advice) => {
  const [message, ...others] = messages(`FROM debian:12\n${body}\n`);
  expect(others).toEqual([]);
  expect(message).toContain(advice);
});
